#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <etch/ir/print.hpp>

namespace etch::ir {

/// What a picture writes into the box of a node, line by line: number, operator and name;
/// attributes; type; and what its regions compute: for each element of a fused step, and in each
/// turn of a loop.
inline std::vector<std::string> label_of(graph const& g, node_id id) {
  node const& n = g[id];
  std::string head = '%' + std::to_string(id) + ' ' + std::string(n.op->key.view());
  if (n.name.count > 0) head += " '" + std::string(g.text_of(n.name)) + '\'';
  std::string attributes;
  bool first = true;
  detail::print_attributes(attributes, g, n, first);
  std::vector<std::string> lines{std::move(head)};
  if (!attributes.empty()) lines.push_back('(' + attributes + ')');
  if (!is_control(n)) lines.push_back(to_string(n.type));
  if (n.region >= 0) {
    std::string text;
    if (is_control(n)) {
      for (int i = 0; i < layout_of(g, n).regions; ++i) {
        std::string region;
        detail::print_region(region, control_region(g, n, i), "", true);
        text += region.substr(1) + '\n';  // without the space that sets it off in a line
      }
    } else {
      detail::print_lines(text, g.region_of(n), "");
    }
    for (std::size_t from = 0; from < text.size();) {
      std::size_t const end = text.find('\n', from);
      lines.push_back(text.substr(from, end - from));
      from = end + 1;
    }
  }
  return lines;
}

/// The name of output i of the graph, or "output i".
inline std::string label_of_output(graph const& g, std::size_t i) {
  if (g.output_names.empty()) return "output " + std::to_string(i);
  return "output '" + std::string(g.text_of(g.output_names[i])) + '\'';
}

}  // namespace etch::ir
