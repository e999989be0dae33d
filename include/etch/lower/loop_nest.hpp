#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <etch/ir/tensor_type.hpp>

namespace etch::lower {

/// The loops of an elementwise step over a dense result: axes that all operands walk alike are one.
template <std::size_t Operands>
struct loop_nest {
  int rank = 1;
  long extents[ir::max_rank]{1};
  long strides[Operands][ir::max_rank]{};  ///< in elements; 0 repeats
};

template <std::size_t Operands>
constexpr loop_nest<Operands> nest_of(ir::shape const& result,
                                      std::array<ir::shape, Operands> const& operands) {
  loop_nest<Operands> nest;
  nest.rank = 0;
  std::array<long, Operands> behind{};  // elements of each operand behind the axis, from the right
  for (auto& n : behind) n = 1;
  std::array<std::array<long, ir::max_rank>, Operands> all{};
  for (int i = 1; i <= result.rank; ++i) {
    for (std::size_t k = 0; k < Operands; ++k) {
      long const own =
          i <= operands[k].rank ? static_cast<long>(operands[k][operands[k].rank - i]) : 1;
      all[k][static_cast<std::size_t>(result.rank - i)] = own == 1 ? 0 : behind[k];
      behind[k] *= own;
    }
  }
  for (int axis = 0; axis < result.rank; ++axis) {
    long const extent = static_cast<long>(result[axis]);
    if (extent == 1) continue;
    auto const from = static_cast<std::size_t>(axis);
    auto const last = static_cast<std::size_t>(nest.rank - 1);
    bool merges = nest.rank > 0;
    for (std::size_t k = 0; merges && k < Operands; ++k)
      merges = nest.strides[k][last] == all[k][from] * extent;
    if (merges) {
      nest.extents[last] *= extent;
      for (std::size_t k = 0; k < Operands; ++k) nest.strides[k][last] = all[k][from];
    } else {
      auto const next = static_cast<std::size_t>(nest.rank++);
      nest.extents[next] = extent;
      for (std::size_t k = 0; k < Operands; ++k) nest.strides[k][next] = all[k][from];
    }
  }
  if (nest.rank == 0) nest.rank = 1;
  return nest;
}

}  // namespace etch::lower
