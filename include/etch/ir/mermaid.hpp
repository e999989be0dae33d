#pragma once

#include <string>
#include <string_view>

#include <etch/ir/node_label.hpp>

namespace etch::ir {

namespace detail {

/// Text inside a quoted label of Mermaid, which reads #name; and #number; as characters and HTML.
inline void add_mermaid_escaped(std::string& to, std::string_view text) {
  for (char c : text) {
    switch (c) {
      case '"':
        to += "#quot;";
        break;
      case '#':
        to += "#35;";
        break;
      case '&':
        to += "#amp;";
        break;
      case '<':
        to += "#lt;";
        break;
      case '>':
        to += "#gt;";
        break;
      case '`':
        to += "#96;";
        break;
      case '\\':
        to += "#92;";
        break;
      case '\n':
        to += "<br/>";
        break;
      default:
        to += c;
    }
  }
}

struct brackets {
  std::string_view open;
  std::string_view close;
};

inline brackets mermaid_shape(node const& n) {
  if (is(n, input_op)) return {"([\"", "\"])"};
  if (is(n, parameter_op)) return {"[/\"", "\"/]"};
  if (is(n, constant_op)) return {"{{\"", "\"}}"};
  return n.region >= 0 ? brackets{"[[\"", "\"]]"} : brackets{"[\"", "\"]"};
}

}  // namespace detail

/// A graph as a Mermaid flow chart, which many viewers of Markdown draw. One box for each node;
/// what a fused step computes stands in its box; operands are numbered where their order matters.
inline std::string to_mermaid(graph const& g) {
  std::string text = "flowchart TD\n";
  for (node_id id = 0; id < g.size(); ++id) {
    auto const shape = detail::mermaid_shape(g[id]);
    text += "  n" + std::to_string(id) + std::string(shape.open);
    bool first = true;
    for (std::string const& line : label_of(g, id)) {
      if (!first) text += "<br/>";
      first = false;
      detail::add_mermaid_escaped(text, line);
    }
    text += std::string(shape.close) + '\n';
    auto const operands = g.inputs_of(id);
    bool const numbered = operands.size() > 1 && !g[id].op->is.commutative;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      text += "  n" + std::to_string(operands[i]) + " -->";
      if (numbered) text += '|' + std::to_string(i) + '|';
      text += " n" + std::to_string(id) + '\n';
    }
  }
  for (std::size_t i = 0; i < g.outputs.size(); ++i) {
    std::string const box = "out" + std::to_string(i);
    text += "  " + box + "([\"";
    detail::add_mermaid_escaped(text, label_of_output(g, i));
    text += "\"])\n  n" + std::to_string(g.outputs[i]) + " --> " + box + '\n';
  }
  return text;
}

}  // namespace etch::ir
