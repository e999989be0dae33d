#pragma once

#include <bit>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <etch/ir/builtin.hpp>
#include <etch/ir/control.hpp>
#include <etch/ir/graph.hpp>

namespace etch::ir {

// The text of a graph. Grammar:
//   graph     = "(" {%id ":" type} ")" "{" {line} {next} "return" {%id} "}"
//   next      = "next" "'" name "'" "=" %id ["from" %id]: a state after the call, and before the
//   first line      = %id "=" op ["'" name "'"] "(" {operand | attribute} ")" ":" type [region]
//   type      = dtype "[" {extent} "]"
//   attribute = integer | real | "true" | "false" | "{" {integer} "}"
//   region    = "{" the lines of a graph "}"; a control node has no type and one region or two

inline std::string to_string(shape const& s) {
  std::string text = "[";
  for (int i = 0; i < s.rank; ++i) {
    if (i > 0) text += ',';
    text += std::to_string(s[i]);
  }
  return text + "]";
}

inline std::string to_string(tensor_type const& type) {
  return std::string(to_string(type.dtype)) + to_string(type.shape);
}

/// The shortest text that reads back as the same value: as a float where it is one.
inline std::string to_string_exact(double value) {
  char buffer[40];
  auto const narrow = static_cast<float>(value);
  auto const end = static_cast<double>(narrow) == value
                       ? std::to_chars(buffer, buffer + sizeof buffer, narrow).ptr
                       : std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

namespace detail {

inline void print_attributes(std::string& text, graph const& g, node const& n, bool& first) {
  std::int64_t const* word = g.words_of(n);
  auto const separate = [&] {
    if (!first) text += ", ";
    first = false;
  };
  if (is(n, constant_op)) {
    for (std::int64_t w : g.word_span(n)) {
      separate();
      text += to_string_exact(std::bit_cast<double>(w));
    }
    return;
  }
  for (core::field_kind kind : n.op->fields) {
    separate();
    switch (kind) {
      case core::field_kind::integer:
        text += std::to_string(*word++);
        break;
      case core::field_kind::boolean:
        text += *word++ != 0 ? "true" : "false";
        break;
      case core::field_kind::real:
        text += to_string_exact(std::bit_cast<double>(*word++));
        break;
      case core::field_kind::integers: {
        std::int64_t const count = *word++;
        text += '{';
        for (std::int64_t i = 0; i < count; ++i) {
          if (i > 0) text += ',';
          text += std::to_string(*word++);
        }
        text += '}';
        break;
      }
    }
  }
}

inline void print_lines(std::string& text, graph const& g, std::string const& indent);

/// The inputs, the lines and the outputs of a region. Inputs of a control node's region have types:
/// they are not those of its operands.
inline void print_region(std::string& text, graph const& region, std::string const& indent,
                         bool with_types) {
  text += " {\n" + indent + "  (";
  for (std::size_t i = 0; i < region.inputs.size(); ++i) {
    node_id const in = region.inputs[i];
    text += (i ? ", %" : "%") + std::to_string(in);
    if (with_types)
      text += (is(region[in], weight_op) ? " : weight " : " : ") + to_string(region[in].type);
  }
  text += ")\n";
  print_lines(text, region, indent + "  ");
  text += indent + "  return ";
  for (std::size_t i = 0; i < region.outputs.size(); ++i)
    text += (i ? ", %" : "%") + std::to_string(region.outputs[i]);
  text += '\n' + indent + '}';
}

inline void print_lines(std::string& text, graph const& g, std::string const& indent) {
  for (node_id id = 0; id < g.size(); ++id) {
    node const& n = g[id];
    if (is_graph_input(n)) continue;
    text += indent + '%' + std::to_string(id) + " = " + std::string(n.op->key.view());
    if (n.name.count > 0) text += " '" + std::string(g.text_of(n.name)) + '\'';
    if (!is(n, parameter_op) && !is(n, state_op)) {
      text += '(';
      bool first = true;
      for (node_id in : g.inputs_of(n)) {
        if (!first) text += ", ";
        first = false;
        text += '%' + std::to_string(in);
      }
      print_attributes(text, g, n, first);
      text += ')';
    }
    if (is_control(n)) {
      for (int i = 0; i < layout_of(g, n).regions; ++i)
        print_region(text, control_region(g, n, i), indent, true);
    } else {
      text += " : " + to_string(n.type);
      if (n.region >= 0) print_region(text, g.region_of(n), indent, false);
    }
    text += '\n';
  }
}

}  // namespace detail

/// The canonical text: the same graph gives the same text.
inline std::string to_text(graph const& g) {
  std::string text = "(";
  for (std::size_t i = 0; i < g.inputs.size(); ++i) {
    node_id const id = g.inputs[i];
    if (i) text += ", ";
    text += '%' + std::to_string(id);
    if (g[id].name.count > 0) text += " '" + std::string(g.name_of(id)) + '\'';
    text += " : " + to_string(g[id].type);
  }
  text += ") {\n";
  detail::print_lines(text, g, "  ");
  for (state_slot const& s : g.states) {
    text += "  next '" + std::string(g.name_of(s.read)) + "' = %" + std::to_string(s.next);
    if (s.initial >= 0) text += " from %" + std::to_string(s.initial);
    text += '\n';
  }
  text += "  return ";
  for (std::size_t i = 0; i < g.outputs.size(); ++i) {
    if (i) text += ", ";
    text += '%' + std::to_string(g.outputs[i]);
    if (!g.output_names.empty()) text += " '" + std::string(g.text_of(g.output_names[i])) + '\'';
  }
  return text + "\n}\n";
}

}  // namespace etch::ir
