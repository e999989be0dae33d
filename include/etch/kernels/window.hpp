#pragma once

#include "etch/core/isa.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// One axis of a sliding window: output o reads inputs o * stride - pad + tap * dilation.
struct window_axis {
  long in, out;
  long kernel, stride, dilation, pad;

  /// Input of the first tap of output o; negative or beyond `in` where it lies in the padding.
  constexpr long begin(long o) const { return o * stride - pad; }

  /// The taps of output o that lie inside the input are [first_tap(o), last_tap(o)).
  constexpr long first_tap(long o) const {
    long const missing = -begin(o);
    long const tap = missing <= 0 ? 0 : (missing + dilation - 1) / dilation;
    return tap < kernel ? tap : kernel;
  }
  constexpr long last_tap(long o) const {
    long const room = in - begin(o);
    long const tap = room <= 0 ? 0 : (room + dilation - 1) / dilation;
    long const first = first_tap(o);
    long const last = tap < kernel ? tap : kernel;
    return last < first ? first : last;
  }

  /// The outputs that need no padding are [inner_begin(), inner_end()), inner() in number.
  constexpr long inner_begin() const {
    long const first = (pad + stride - 1) / stride;
    return first < out ? first : out;
  }
  constexpr long inner_end() const {
    long const room = in - 1 - (kernel - 1) * dilation + pad;
    long const last = room < 0 ? 0 : room / stride + 1;
    long const end = last < out ? last : out;
    return end < inner_begin() ? inner_begin() : end;
  }
  constexpr long inner() const { return inner_end() - inner_begin(); }
};

}  // namespace ETCH_ISA
}  // namespace etch::kernels
