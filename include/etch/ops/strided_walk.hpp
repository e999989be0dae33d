#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <etch/ir/tensor_type.hpp>

namespace etch::ops {

/// What a reference adds up in: wider than T, so that the order of the terms hardly matters;
/// integers wrap.
template <class T>
using sum_type = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;

/// How far apart two neighbours along each axis of a dense tensor are, in elements.
constexpr std::array<std::int64_t, ir::max_rank> strides_of(ir::shape const& s) {
  std::array<std::int64_t, ir::max_rank> strides{};
  std::int64_t stride = 1;
  for (int i = s.rank - 1; i >= 0; --i) {
    strides[static_cast<std::size_t>(i)] = stride;
    stride *= s[i];
  }
  return strides;
}

/// Steps through a box of positions, the last axis fastest, and keeps the offset of the current
/// one. Each axis has a stride of its own: 0 repeats, a permutation transposes, a multiple skips.
class strided_walk {
 public:
  explicit strided_walk(std::int64_t start = 0) : offset_(start) {}

  void add_axis(std::int64_t extent, std::int64_t stride) {
    extents_.push_back(extent);
    strides_[static_cast<std::size_t>(extents_.rank - 1)] = stride;
  }
  std::int64_t size() const { return extents_.elements(); }
  std::int64_t offset() const { return offset_; }

  /// After the last position it stands on the first one again.
  void next() {
    for (int axis = extents_.rank - 1; axis >= 0; --axis) {
      auto const d = static_cast<std::size_t>(axis);
      offset_ += strides_[d];
      if (++at_[d] < extents_[axis]) return;
      offset_ -= strides_[d] * extents_[axis];
      at_[d] = 0;
    }
  }

 private:
  ir::shape extents_;
  std::array<std::int64_t, ir::max_rank> strides_{};
  std::array<std::int64_t, ir::max_rank> at_{};
  std::int64_t offset_;
};

}  // namespace etch::ops
