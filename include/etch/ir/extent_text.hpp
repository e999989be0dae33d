#pragma once

#include <string>

#include <etch/ir/extent.hpp>

namespace etch::ir {

/// "T", "2 T S + 1", "(T + 1) / 2": the terms with the most dims first.
inline std::string to_string(extent const& of) {
  std::string text;
  for (int t = of.term_count; t-- > 0;) {
    extent::term const& term = of.terms[static_cast<std::size_t>(t)];
    std::int64_t const size = term.factor < 0 ? -term.factor : term.factor;
    if (t + 1 < of.term_count) text += term.factor < 0 ? " - " : " + ";
    if (t + 1 == of.term_count && term.factor < 0) text += '-';
    std::string names;
    for (int d = 0; d < of.dim_count; ++d) {
      for (int power = 0; power < term.powers[static_cast<std::size_t>(d)]; ++power) {
        if (!names.empty()) names += ' ';
        names += of.dims[static_cast<std::size_t>(d)].view();
      }
    }
    if (size != 1 || names.empty()) text += std::to_string(size);
    if (size != 1 && !names.empty()) text += ' ';
    text += names;
  }
  if (text.empty()) return "0";
  if (of.divisor == 1) return text;
  return (of.term_count > 1 ? '(' + text + ')' : text) + " / " + std::to_string(of.divisor);
}

}  // namespace etch::ir
