#pragma once

#include <cstddef>

#include <etch/plan/load_plan.hpp>

namespace etch::runtime {

/// Whether two plans make their weights in the same way and put them at the same places.
template <class A, class B>
constexpr bool same_weights(A const& a, B const& b) {
  if (a.steps.size() != b.steps.size()) return false;
  auto const differ = [](auto const& x, ir::range in_x, auto const& y, ir::range in_y) {
    if (in_x.count != in_y.count) return true;
    for (int i = 0; i < in_x.count; ++i) {
      if (x[static_cast<std::size_t>(in_x.first + i)] !=
          y[static_cast<std::size_t>(in_y.first + i)])
        return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    plan::load_step const &x = a.steps[i], &y = b.steps[i];
    if (x.what != y.what || x.reference != y.reference || !(x.type == y.type) ||
        x.weights_offset != y.weights_offset)
      return false;
    if (differ(a.words, x.words, b.words, y.words) ||
        differ(a.operands, x.operands, b.operands, y.operands) ||
        differ(a.text, x.name, b.text, y.name))
      return false;
  }
  return true;
}

}  // namespace etch::runtime
