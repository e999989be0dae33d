#pragma once

#include <cstdint>
#include <span>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/pool_rule.hpp>

namespace etch {

namespace ops {

struct avg_pool2d : pool_rule {
  static constexpr ir::op_key key{"avg_pool2d"};
  static constexpr ir::traits is{.floating = true};
  struct attrs {
    int kernel_h = 2;
    int kernel_w = 2;
    int stride_h = 2;
    int stride_w = 2;
    int pad_top = 0;
    int pad_left = 0;
    int pad_bottom = 0;
    int pad_right = 0;
    bool channels_last = false;
    bool count_include_pad = true;
  };

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    return infer_pool(in, a);
  }

  static constexpr ir::extent_array extents(ir::operand_types in,
                                            std::span<ir::extent_array const> of, attrs const& a) {
    return extents_of_pool(in, of, a);
  }

  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out,
                                      attrs const& a) {
    return out.elements() * (std::int64_t{a.kernel_h} * a.kernel_w + 1);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      T const* const x = in[0].as<T const>();
      each_window(in[0].type.shape, out.type.shape, a, [&](std::int64_t to, auto window) {
        double sum = 0;
        double taps = 0;
        window([&](std::int64_t i) {
          sum += static_cast<double>(x[i]);
          taps += 1;
        });
        if (a.count_include_pad) taps = static_cast<double>(a.kernel_h) * a.kernel_w;
        out.as<T>()[to] = static_cast<T>(sum / taps);
      });
    });
  }
};

}  // namespace ops

/// avg_pool2d<pool{.kernel = 3, .padding = 1}>(x): the mean of every window, in which padding
/// counts as zero, as in PyTorch; with .count_include_pad = false, or with .padding = same as in
/// TensorFlow, it does not count.
/// shape     x[B, C, H, W], or [B, H, W, C] with .layout = nhwc; OH = (H + padding - kh) / stride
///           + 1, rounded down; the stride is that of the kernel if not given. Where the call
///           decides H or W, the part that changes is a multiple of the stride in every call
/// dtype     float, double
/// numerics  the reference adds up in double, divides once and rounds once
/// errors    a rank other than 4, a stride or kernel below 1, a padding not below the kernel, a
///           kernel larger than the padded input
/// source    torch.nn.AvgPool2d; tf.nn.avg_pool2d (same); ONNX AveragePool-11
template <pool Config, front::tensor_operand X>
constexpr auto avg_pool2d(X const& x) {
  return ops::record_pool<ops::avg_pool2d, Config>(x);
}

template <>
struct op_for<ops::avg_pool2d::key> : std::type_identity<ops::avg_pool2d> {};

}  // namespace etch
