#pragma once

namespace etch::kernels {

/// A copy between two strided views of one extent; strides in elements. An input stride of 0
/// repeats an element (expand), a negative one runs backwards; the output elements are distinct.
struct copy_shape {
  int rank;
  long extents[6];
  long in_strides[6];
  long out_strides[6];
};

/// The same copy with the fewest axes: extents of 1 dropped, the axes sorted by the output stride,
/// largest first, and neighbours merged where both sides allow it.
constexpr copy_shape simplify(copy_shape s) {
  copy_shape kept{};
  for (int i = 0; i < s.rank; ++i) {
    if (s.extents[i] == 1) continue;
    int at = kept.rank++;
    auto const size = [](long stride) { return stride < 0 ? -stride : stride; };
    for (; at > 0 && size(kept.out_strides[at - 1]) < size(s.out_strides[i]); --at) {
      kept.extents[at] = kept.extents[at - 1];
      kept.in_strides[at] = kept.in_strides[at - 1];
      kept.out_strides[at] = kept.out_strides[at - 1];
    }
    kept.extents[at] = s.extents[i];
    kept.in_strides[at] = s.in_strides[i];
    kept.out_strides[at] = s.out_strides[i];
  }
  copy_shape merged{};
  for (int i = 0; i < kept.rank; ++i) {
    int const last = merged.rank - 1;
    bool const joins = last >= 0 &&
                       merged.in_strides[last] == kept.extents[i] * kept.in_strides[i] &&
                       merged.out_strides[last] == kept.extents[i] * kept.out_strides[i];
    int const to = joins ? last : merged.rank++;
    merged.extents[to] = kept.extents[i] * (joins ? merged.extents[last] : 1);
    merged.in_strides[to] = kept.in_strides[i];
    merged.out_strides[to] = kept.out_strides[i];
  }
  return merged;
}

/// The axis along which the input is contiguous, of a copy whose last axis is contiguous in the
/// output only; -1 if there is none, so that the copy is no transpose.
constexpr int transposed_axis(copy_shape s) {
  if (s.rank < 2 || s.out_strides[s.rank - 1] != 1 || s.in_strides[s.rank - 1] == 1 ||
      s.in_strides[s.rank - 1] == 0)
    return -1;
  for (int i = s.rank - 2; i >= 0; --i)
    if (s.in_strides[i] == 1) return i;
  return -1;
}

}  // namespace etch::kernels
