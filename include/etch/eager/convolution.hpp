#pragma once

#include <algorithm>

#include <etch/eager/multiply.hpp>
#include <etch/ops/conv2d.hpp>

namespace etch::eager {

namespace detail {

/// The taps of every position of a window as a matrix: [positions, taps] with channels last,
/// [taps, positions] else. Taps in the order of the weight: channel, row, column; padding is zero.
template <class T>
class window_taps {
 public:
  window_taps(ir::operand_refs in, ops::conv2d::attrs const& a)
      : channels_(in[1].type.shape[1]),
        down_(ops::conv2d::vertical(in[0].type.shape, in[1].type.shape, a)),
        along_(ops::conv2d::horizontal(in[0].type.shape, in[1].type.shape, a)),
        from_(in[0].type.shape, a.channels_last) {}

  std::int64_t taps() const { return channels_ * down_.kernel * along_.kernel; }
  std::int64_t positions() const { return down_.positions() * along_.positions(); }

  /// Of image `b`, from channel `first` on.
  void gather(T const* x, std::int64_t b, std::int64_t first, matrix<T>& to) const {
    for (std::int64_t c = 0, tap = 0; c < channels_; ++c) {
      for (std::int64_t ky = 0; ky < down_.kernel; ++ky) {
        for (std::int64_t kx = 0; kx < along_.kernel; ++kx, ++tap)
          gather_tap(x, b, first + c, ky, kx, tap, to);
      }
    }
  }

 private:
  void gather_tap(T const* x, std::int64_t b, std::int64_t channel, std::int64_t ky,
                  std::int64_t kx, std::int64_t tap, matrix<T>& to) const {
    bool const last = from_.channels_last;
    std::int64_t const step = last ? taps() : 1;
    T* put = last ? to.data() + tap : to.data() + tap * positions();
    for (std::int64_t i = 0; i < down_.positions(); ++i) {
      std::int64_t const row = down_.at(i, ky);
      bool const inside = down_.inside(row);
      for (std::int64_t j = 0; j < along_.positions(); ++j, put += step) {
        std::int64_t const col = along_.at(j, kx);
        *put = inside && along_.inside(col) ? x[from_(b, channel, row, col)] : T(0);
      }
    }
  }

  std::int64_t channels_;
  ops::window_axis down_, along_;
  ops::image_offsets from_;
};

}  // namespace detail

/// conv2d as the taps of all windows in one matrix (im2col) times the weight, image by image and
/// group by group; then the bias.
/// numerics  sums in T, in Eigen's order
template <class T>
void run_conv2d(ir::operand_refs in, ir::tensor_ref out, ops::conv2d::attrs const& a) {
  detail::window_taps<T> const windows(in, a);
  std::int64_t const taps = windows.taps(), positions = windows.positions();
  std::int64_t const outputs = in[1].type.shape[0], of_group = outputs / a.groups;
  matrix<T> gathered(a.channels_last ? positions : taps, a.channels_last ? taps : positions);
  for (std::int64_t b = 0; b < out.type.shape[0]; ++b) {
    T* const y = out.as<T>() + b * positions * outputs;
    for (std::int64_t g = 0; g < a.groups; ++g) {
      windows.gather(in[0].as<T const>(), b, g * in[1].type.shape[1], gathered);
      matrix_in<T const> const weight(in[1].as<T const>() + g * of_group * taps, of_group, taps);
      matrix_in<T const> const x(gathered.data(), gathered.rows(), gathered.cols());
      if (a.channels_last)
        multiply<T>({y + g * of_group, positions, of_group, outputs}, x, weight, true);
      else
        multiply<T>({y + g * of_group * positions, of_group, positions}, weight, x, false);
    }
    if (in.size() < 3) continue;
    if (a.channels_last)
      as_matrix(y, positions, outputs).rowwise() +=
          as_matrix(in[2].as<T const>(), 1, outputs).row(0);
    else
      as_matrix(y, outputs, positions).colwise() +=
          as_matrix(in[2].as<T const>(), outputs, 1).col(0);
  }
}

}  // namespace etch::eager
