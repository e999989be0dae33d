#pragma once

#include <string>
#include <string_view>

#include <etch/ir/node_label.hpp>

namespace etch::ir {

namespace detail {

/// Text inside a quoted string of the DOT language.
inline void add_dot_escaped(std::string& to, std::string_view text) {
  for (char c : text) {
    if (c == '"' || c == '\\') to += '\\';
    if (c == '\n') {
      to += "\\n";
    } else {
      to += c;
    }
  }
}

inline std::string_view dot_style(node const& n) {
  if (is(n, input_op)) return "shape=ellipse";
  if (is(n, parameter_op)) return "shape=box, style=\"filled\", fillcolor=\"gray92\"";
  if (is(n, constant_op)) return "shape=plaintext";
  return n.region >= 0 ? "shape=box, style=\"bold\"" : "shape=box";
}

}  // namespace detail

/// A graph in the language of Graphviz: `dot -Tsvg`. One box for each node; what a fused step
/// computes stands in its box, left-aligned; operands are numbered where their order matters.
inline std::string to_dot(graph const& g, std::string_view name = "model") {
  std::string text = "digraph \"";
  detail::add_dot_escaped(text, name);
  text += "\" {\n  node [fontname=\"monospace\", fontsize=10];\n  edge [fontsize=8];\n";
  for (node_id id = 0; id < g.size(); ++id) {
    text += "  n" + std::to_string(id) + " [label=\"";
    bool const left = g[id].region >= 0;
    for (std::string const& line : label_of(g, id)) {
      detail::add_dot_escaped(text, line);
      text += left ? "\\l" : "\\n";
    }
    if (!left) text.resize(text.size() - 2);
    text += "\", " + std::string(detail::dot_style(g[id])) + "];\n";
    auto const operands = g.inputs_of(id);
    bool const numbered = operands.size() > 1 && !g[id].op->is.commutative;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      text += "  n" + std::to_string(operands[i]) + " -> n" + std::to_string(id);
      if (numbered) text += " [label=\"" + std::to_string(i) + "\"]";
      text += ";\n";
    }
  }
  for (std::size_t i = 0; i < g.outputs.size(); ++i) {
    std::string const box = "out" + std::to_string(i);
    text += "  " + box + " [label=\"";
    detail::add_dot_escaped(text, label_of_output(g, i));
    text += "\", shape=ellipse];\n  n" + std::to_string(g.outputs[i]) + " -> " + box + ";\n";
  }
  return text + "}\n";
}

}  // namespace etch::ir
