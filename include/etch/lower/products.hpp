#pragma once

#include <etch/kernels/conv2d.hpp>
#include <etch/kernels/depthwise.hpp>
#include <etch/kernels/gemm.hpp>
#include <etch/kernels/lane_conv2d.hpp>
#include <etch/kernels/lane_gemm.hpp>
#include <etch/kernels/later_rows.hpp>
#include <etch/kernels/leading_conv2d.hpp>
#include <etch/kernels/matmul.hpp>
#include <etch/kernels/winograd.hpp>
#include <etch/lower/kernel_for.hpp>
#include <etch/lower/step_at.hpp>
#include <etch/lower/step_sink.hpp>
#include <etch/ops/conv2d.hpp>
#include <etch/plan/winograd_choice.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

template <>
struct kernel_for<ir::op_key("gemm")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr long n = static_cast<long>(s.cols);
    constexpr ir::tensor_type x = operand_type<Net, S, 0>;
    constexpr long k = static_cast<long>(x.shape[x.rank() - 1]);
    constexpr bool bias = s.own_operands > 2;
    constexpr kernels::gemm_shape shape{static_cast<long>(x.elements()) / k, n,   k, k,
                                        kernels::gemm_k_split<T>(n, k),      bias};
    kernels::gemm<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                  bias_of<T, bias>(in),
                                  step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

/// Which matrix of an operand belongs to matrix i of the result: batch extents of 1 broadcast.
struct batch_map {
  int axes = 0;
  long whole[ir::max_rank]{};
  long strides[ir::max_rank]{};

  constexpr batch_map(ir::shape const& operand, ir::shape const& result) {
    long stride = 1;
    for (int axis = result.rank - 3; axis >= 0; --axis, ++axes) {
      int const own_axis = axis - (result.rank - operand.rank);
      long const own = own_axis < 0 ? 1 : static_cast<long>(operand[own_axis]);
      whole[axes] = static_cast<long>(result[axis]);
      strides[axes] = own == 1 ? 0 : stride;
      stride *= own;
    }
  }
  ETCH_INLINE constexpr long operator()(long i) const noexcept {
    long matrix = 0;
    for (int axis = 0; axis < axes; ++axis) {
      matrix += i % whole[axis] * strides[axis];
      i /= whole[axis];
    }
    return matrix;
  }
};

/// Products of two run-time tensors, one matrix after the other.
template <>
struct kernel_for<ir::op_key("matmul")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr ir::shape a = operand_type<Net, S, 0>.shape, b = operand_type<Net, S, 1>.shape,
                        c = s.result.type.shape;
    constexpr long m = static_cast<long>(a[a.rank - 2]), k = static_cast<long>(a[a.rank - 1]),
                   n = static_cast<long>(b[b.rank - 1]);
    constexpr kernels::matmul_shape shape{m, n, k, k, n, kernels::gemm_k_split<T>(n, k), false};
    constexpr batch_map map_a(a, c), map_b(b, c);
    constexpr long batches = static_cast<long>(c.product(0, c.rank - 2));
    step_sink<Net, S, T, Arch> const sink{static_cast<T*>(out), in};
    auto const product = [&](long i, auto rows) ETCH_INLINE_LAMBDA {
      kernels::matmul<T, shape, Arch>(static_cast<T const*>(in[0]) + map_a(i) * m * k,
                                      static_cast<T const*>(in[1]) + map_b(i) * k * n, nullptr,
                                      kernels::later_rows<step_sink<Net, S, T, Arch>>{sink, i * m},
                                      rows);
    };
    if constexpr (batches >= 4 || (kernels::is_leading<Share> && batches > 1)) {
      kernels::interval const mine = share.of(batches);
      for (long i = mine.begin; i < mine.end; ++i) product(i, kernels::whole{});
    } else {
      for (long i = 0; i < batches; ++i) product(i, share);
    }
  }
};

/// The convolution of step S of images [.., h, w, c] to [.., h, w, o].
template <class Net, int S>
constexpr kernels::conv2d_shape conv2d_shape_of(ir::shape const& x, ir::shape const& y) {
  constexpr plan::step s = step_at<Net, S>;
  constexpr auto a = Net::plan.template attrs_of<ops::conv2d::attrs>(s);
  return {static_cast<long>(x[0]),
          static_cast<long>(x[1]),
          static_cast<long>(x[2]),
          static_cast<long>(x[3]),
          static_cast<long>(y[1]),
          static_cast<long>(y[2]),
          static_cast<long>(y[3]),
          static_cast<int>(s.window[0]),
          static_cast<int>(s.window[1]),
          a.stride_h,
          a.stride_w,
          a.dilation_h,
          a.dilation_w,
          a.pad_top,
          a.pad_left,
          a.groups,
          s.own_operands > 2};
}

template <>
struct kernel_for<ir::op_key("conv2d")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::conv2d_shape shape =
        conv2d_shape_of<Net, S>(operand_type<Net, S, 0>.shape, step_at<Net, S>.result.type.shape);
    auto const *x = static_cast<T const*>(in[0]), *w = static_cast<T const*>(in[1]);
    T const* const bias = bias_of<T, shape.bias>(in);
    step_sink<Net, S, T, Arch> const sink{static_cast<T*>(out), in};
    if constexpr (kernels::is_band<Share>)
      kernels::conv2d_band<T, shape, Arch>(x, w, bias, sink, share);
    else
      kernels::conv2d<T, shape, Arch>(x, w, bias, sink, share);
  }
};

template <>
struct kernel_for<ir::op_key("winograd")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void* scratch, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr bool bias = s.own_operands > 2;
    constexpr kernels::winograd_shape shape =
        plan::winograd_shape_of(operand_type<Net, S, 0>.shape, s.result.type.shape,
                                Net::plan.template attrs_of<ops::conv2d::attrs>(s), bias);
    kernels::winograd<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                      bias_of<T, bias>(in), static_cast<T*>(scratch),
                                      step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

template <class Net, int S>
consteval kernels::depthwise_shape depthwise_shape_of() {
  constexpr kernels::conv2d_shape c =
      conv2d_shape_of<Net, S>(operand_type<Net, S, 0>.shape, step_at<Net, S>.result.type.shape);
  return {c.batch,    c.h,        c.w,          c.c,          c.oh,      c.ow,       c.kh,  c.kw,
          c.stride_h, c.stride_w, c.dilation_h, c.dilation_w, c.pad_top, c.pad_left, c.bias};
}

template <>
struct kernel_for<ir::op_key("depthwise")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::depthwise_shape shape = depthwise_shape_of<Net, S>();
    kernels::depthwise<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                       bias_of<T, shape.bias>(in),
                                       step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

/// Whether the instances of a plan for several side by side have weights of their own.
template <class Net>
inline constexpr bool weights_by_lane = requires {
  Net::weights_by_lane;
};

template <>
struct kernel_for<ir::op_key("lane_gemm")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr ir::shape x = operand_type<Net, S, 0>.shape, y = s.result.type.shape;
    constexpr bool bias = s.own_operands > 2;
    constexpr long n = static_cast<long>(y[y.rank - 2]), k = static_cast<long>(x[x.rank - 2]);
    constexpr kernels::lane_gemm_shape shape{static_cast<long>(x.product(0, x.rank - 2)),
                                             n,
                                             k,
                                             static_cast<long>(x[x.rank - 1]),
                                             kernels::gemm_k_split<T>(n, k),
                                             bias,
                                             weights_by_lane<Net>};
    kernels::lane_gemm<T, shape, Arch>(static_cast<T const*>(in[0]), static_cast<T const*>(in[1]),
                                       bias_of<T, bias>(in),
                                       step_sink<Net, S, T, Arch>{static_cast<T*>(out), in});
  }
};

template <>
struct kernel_for<ir::op_key("lane_conv2d")> {
  template <class Net, int S, class Arch>
  static void run(void* out, void*, void const* const* in) noexcept {
    using T = result_element<Net, S>;
    constexpr ir::shape x = operand_type<Net, S, 0>.shape;
    constexpr kernels::conv2d_shape one =
        conv2d_shape_of<Net, S>(x, step_at<Net, S>.result.type.shape);
    kernels::lane_conv2d<T, one, static_cast<long>(x[4]), weights_by_lane<Net>, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), bias_of<T, one.bias>(in),
        step_sink<Net, S, T, Arch>{static_cast<T*>(out), in});
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
