#pragma once

#include <etch/kernels/layer_norm.hpp>
#include <etch/kernels/pool2d.hpp>
#include <etch/kernels/reduce.hpp>
#include <etch/kernels/softmax.hpp>
#include <etch/lower/kernel_for.hpp>
#include <etch/lower/step_at.hpp>
#include <etch/lower/step_sink.hpp>
#include <etch/ops/structured_ops.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

template <>
struct kernel_for<ir::op_key("softmax")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void* scratch, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    // without an epilogue the result's own rows keep the exponentials
    constexpr bool in_place = s.program.count == 0;
    constexpr kernels::softmax_shape shape{static_cast<long>(s.result.type.elements() / s.cols),
                                           static_cast<long>(s.cols),
                                           s.op == &ir::info_of<ops::log_softmax>, !in_place};
    kernels::softmax<T, shape, Arch>(static_cast<T const*>(in[0]),
                                     static_cast<T*>(in_place ? out : scratch),
                                     step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

template <>
struct kernel_for<ir::op_key("layer_norm")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr T epsilon =
        static_cast<T>(Net::plan.template attrs_of<ops::layer_norm::attrs>(s).epsilon);
    constexpr kernels::layer_norm_shape shape{static_cast<long>(s.result.type.elements() / s.cols),
                                              static_cast<long>(s.cols), false, true, true};
    kernels::layer_norm<T, shape, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), static_cast<T const*>(in[2]),
        epsilon, step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

template <>
struct kernel_for<ir::op_key("rms_norm")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr plan::step s = step_at<Net, S>;
    constexpr T epsilon =
        static_cast<T>(Net::plan.template attrs_of<ops::rms_norm::attrs>(s).epsilon);
    constexpr kernels::layer_norm_shape shape{static_cast<long>(s.result.type.elements() / s.cols),
                                              static_cast<long>(s.cols), true, true, false};
    kernels::layer_norm<T, shape, Arch>(
        static_cast<T const*>(in[0]), static_cast<T const*>(in[1]), nullptr, epsilon,
        step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

template <class Net, int S>
consteval kernels::reduce_shape reduce_shape_of() {
  constexpr plan::step s = step_at<Net, S>;
  constexpr auto view = passes::view_of_reduction(
      operand_type<Net, S, 0>.shape, Net::plan.template attrs_of<ops::reduction::attrs>(s).axes);
  constexpr auto op = s.op == &ir::info_of<ops::reduce_mean>   ? kernels::reduce_op::mean
                      : s.op == &ir::info_of<ops::reduce_max>  ? kernels::reduce_op::max
                      : s.op == &ir::info_of<ops::reduce_min>  ? kernels::reduce_op::min
                      : s.op == &ir::info_of<ops::reduce_prod> ? kernels::reduce_op::prod
                                                               : kernels::reduce_op::sum;
  return {static_cast<long>(view.outer), static_cast<long>(view.reduced),
          static_cast<long>(view.inner), op};
}

template <>
struct kernel_for<ir::op_key("reduce")> {
  template <class Net, int S, class Arch, class Share = kernels::whole>
  static void run(void* out, void*, void const* const* in, Share share = {}) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::reduce_shape shape = reduce_shape_of<Net, S>();
    kernels::reduce<T, shape, Arch>(static_cast<T const*>(in[0]),
                                    step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

template <class Net, int S, class Attrs>
consteval kernels::pool2d_shape pool2d_shape_from(Attrs const& a, kernels::pool_op op,
                                                  bool count_include_pad) {
  ir::shape const x = operand_type<Net, S, 0>.shape, y = step_at<Net, S>.result.type.shape;
  return {op,
          static_cast<long>(x[0]),
          static_cast<long>(x[1]),
          static_cast<long>(x[2]),
          static_cast<long>(x[3]),
          static_cast<long>(y[1]),
          static_cast<long>(y[2]),
          a.kernel_h,
          a.kernel_w,
          a.stride_h,
          a.stride_w,
          1,
          1,
          a.pad_top,
          a.pad_left,
          a.pad_bottom,
          a.pad_right,
          count_include_pad};
}
template <class Net, int S>
consteval kernels::pool2d_shape pool2d_shape_of() {
  constexpr plan::step s = step_at<Net, S>;
  if constexpr (s.op == &ir::info_of<ops::max_pool2d>) {
    return pool2d_shape_from<Net, S>(Net::plan.template attrs_of<ops::max_pool2d::attrs>(s),
                                     kernels::pool_op::max, false);
  } else {
    constexpr auto a = Net::plan.template attrs_of<ops::avg_pool2d::attrs>(s);
    return pool2d_shape_from<Net, S>(a, kernels::pool_op::average, a.count_include_pad);
  }
}

template <>
struct kernel_for<ir::op_key("pool2d")> {
  template <class Net, int S, class Arch, class Share>
  static void run(void* out, void*, void const* const* in, Share share) noexcept {
    using T = result_element<Net, S>;
    constexpr kernels::pool2d_shape shape = pool2d_shape_of<Net, S>();
    kernels::pool2d<T, shape, Arch>(static_cast<T const*>(in[0]),
                                    step_sink<Net, S, T, Arch>{static_cast<T*>(out), in}, share);
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
