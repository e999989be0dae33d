#pragma once

#include "etch/kernels/conv2d_shape.hpp"
#include "etch/kernels/lane_gemm.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// conv2d for instances that lie side by side, of images without padding and groups and of windows
/// of one row or one column: products of windows, whose runs of channels lie a tap apart.
/// layout    in[batch][h][w][c][Lanes]; weights and bias as those of conv2d, of instances with
/// their
///           `Own` the same with [Lanes] as a last axis; the row of the sink is
///           ((b * oh + i) * ow + j) * o + output channel, its column the instance
/// numerics  of each instance the bits of conv2d
/// source    as conv2d
template <class T, conv2d_shape S, long Lanes, bool Own, class Arch = simd::default_arch,
          class Sink>
void lane_conv2d(T const* in, T const* weights, T const* bias, Sink sink) noexcept {
  static_assert(S.groups == 1 && S.unpadded() && (S.kh == 1 || S.kw == 1),
                "etch: lane_conv2d: the windows are not runs of channels");
  constexpr long pixel = S.c * Lanes, line = S.w * pixel;
  constexpr lane_gemm_shape image{
      .rows = S.oh * S.ow,
      .n = S.o,
      .k = S.kh * S.kw * S.c,
      .lanes = Lanes,
      .split = conv2d_split<T>(S),
      .bias = S.bias,
      .own = Own,
      .x = {static_cast<int>(S.ow), S.stride_h * line, S.stride_w * pixel},
      .run = S.c,
      .jump = S.kh == 1 ? S.dilation_w * pixel : S.dilation_h * line,
  };
  for (long i = 0; i < S.batch; ++i)
    lane_gemm<T, image, Arch>(in + i * S.h * line, weights, bias,
                              later_rows<Sink>{sink, i * image.rows * S.o});
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
