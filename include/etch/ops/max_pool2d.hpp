#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include <etch/core/math.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/pool_rule.hpp>

namespace etch {

namespace ops {

struct max_pool2d : pool_rule {
  static constexpr ir::op_key key{"max_pool2d"};
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
    return out.elements() * a.kernel_h * a.kernel_w;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      T const* const x = in[0].as<T const>();
      each_window(in[0].type.shape, out.type.shape, a, [&](std::int64_t to, auto window) {
        T most = -std::numeric_limits<T>::infinity();
        window([&](std::int64_t i) { most = math::max(most, x[i]); });
        out.as<T>()[to] = most;
      });
    });
  }
};

}  // namespace ops

/// max_pool2d<pool{.kernel = 3, .stride = 2, .padding = 1}>(x): the maximum of every window.
/// shape     x[B, C, H, W], or [B, H, W, C] with .layout = nhwc; OH = (H + padding - kh) / stride
///           + 1, rounded down; the stride is that of the kernel if not given. Where the call
///           decides H or W, the part that changes is a multiple of the stride in every call
/// dtype     float, double
/// numerics  exact; padding is never the maximum; NaN if a tap is
/// errors    a rank other than 4, a stride or kernel below 1, a padding not below the kernel, a
///           kernel larger than the padded input
/// source    torch.nn.MaxPool2d; ONNX MaxPool-12
template <pool Config, front::tensor_operand X>
constexpr auto max_pool2d(X const& x) {
  return ops::record_pool<ops::max_pool2d, Config>(x);
}

template <>
struct op_for<ops::max_pool2d::key> : std::type_identity<ops::max_pool2d> {};

}  // namespace etch
