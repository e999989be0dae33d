#pragma once

#include <cstdint>
#include <span>

#include <etch/ops/call.hpp>
#include <etch/ops/window.hpp>

namespace etch {

/// How a pool looks: pool{.kernel = 3, .stride = 2, .padding = 1}.
struct pool {
  size2d kernel = 2;
  size2d stride = kernel;
  padding2d padding = 0;
  image_layout layout = nchw;
  bool count_include_pad = true;  ///< of avg_pool2d
};

namespace ops {

/// What the pools share: their attributes begin with the same fields.
struct pool_rule {
  static constexpr char bad_dtype[] = "x is neither float nor double";
  static constexpr char bad_rank[] = "x is not of rank 4";
  static constexpr char bad_kernel[] = "the kernel is smaller than 1";
  static constexpr char bad_stride[] = "a stride is zero or negative";
  static constexpr char bad_padding[] = "a padding is negative or not smaller than the kernel";
  static constexpr char bad_size[] = "the kernel is larger than the padded input";

  template <class Attrs>
  static constexpr window_axis vertical(ir::shape const& x, Attrs const& a) {
    return {x[image_axes(a.channels_last).h], a.kernel_h, a.stride_h, 1, a.pad_top, a.pad_bottom};
  }
  template <class Attrs>
  static constexpr window_axis horizontal(ir::shape const& x, Attrs const& a) {
    return {x[image_axes(a.channels_last).w], a.kernel_w, a.stride_w, 1, a.pad_left, a.pad_right};
  }

  /// Padding smaller than the kernel: every window has a tap inside the image.
  static constexpr bool pads_well(window_axis const& axis) {
    return axis.before >= 0 && axis.after >= 0 && axis.before < axis.kernel &&
           axis.after < axis.kernel;
  }

  template <class Attrs>
  static constexpr ir::inferred infer_pool(ir::operand_types in, Attrs const& a) {
    ir::shape const& x = in[0].shape;
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    if (x.rank != 4) return ir::inferred(bad_rank);
    if (a.kernel_h < 1 || a.kernel_w < 1) return ir::inferred(bad_kernel);
    if (a.stride_h < 1 || a.stride_w < 1) return ir::inferred(bad_stride);
    window_axis const down = vertical(x, a);
    window_axis const along = horizontal(x, a);
    if (!pads_well(down) || !pads_well(along)) return ir::inferred(bad_padding);
    if (!down.fits() || !along.fits()) return ir::inferred(bad_size);
    return ir::tensor_type{
        in[0].dtype, image_shape(x[0], x[image_axes(a.channels_last).channel], down.positions(),
                                 along.positions(), a.channels_last)};
  }

  template <class Attrs>
  static constexpr ir::extent_array extents_of_pool(ir::operand_types in,
                                                    std::span<ir::extent_array const> of,
                                                    Attrs const& a) {
    ir::shape const& x = in[0].shape;
    return image_extents(of[0], x[image_axes(a.channels_last).channel], vertical(x, a),
                         horizontal(x, a), a.channels_last);
  }

  /// Calls `take(output index, window)` for every output; `window(visit)` calls visit(input index)
  /// for every tap inside the image.
  template <class Attrs, class Take>
  static void each_window(ir::shape const& x, ir::shape const& y, Attrs const& a, Take take) {
    window_axis const down = vertical(x, a);
    window_axis const along = horizontal(x, a);
    image_offsets const from(x, a.channels_last);
    image_offsets const to(y, a.channels_last);
    for (std::int64_t b = 0; b < y[0]; ++b) {
      for (std::int64_t c = 0; c < to.channels; ++c) {
        for (std::int64_t i = 0; i < to.h; ++i) {
          for (std::int64_t j = 0; j < to.w; ++j) {
            take(to(b, c, i, j), [&](auto visit) {
              for (std::int64_t ky = 0; ky < down.kernel; ++ky) {
                for (std::int64_t kx = 0; kx < along.kernel; ++kx) {
                  std::int64_t const row = down.at(i, ky);
                  std::int64_t const col = along.at(j, kx);
                  if (down.inside(row) && along.inside(col)) visit(from(b, c, row, col));
                }
              }
            });
          }
        }
      }
    }
  }
};

/// The fields that the pools share, in their order.
template <class Attrs>
constexpr Attrs pool_attrs(pool const& p, ir::shape const& x) {
  image_axes const axes(p.layout == nhwc);
  padding2d const pads = explicit_padding_of(p.padding, extent_or_one(x, axes.h),
                                             extent_or_one(x, axes.w), p.kernel, p.stride, 1);
  Attrs a;
  a.kernel_h = p.kernel.h;
  a.kernel_w = p.kernel.w;
  a.stride_h = p.stride.h;
  a.stride_w = p.stride.w;
  a.pad_top = pads.top;
  a.pad_left = pads.left;
  a.pad_bottom = pads.bottom;
  a.pad_right = pads.right;
  a.channels_last = p.layout == nhwc;
  if constexpr (requires { a.count_include_pad; })
    a.count_include_pad = p.count_include_pad && p.padding.rule != same;
  return a;
}

template <class Op, pool Config, class X>
constexpr auto record_pool(X const& x) {
  using rule = pool_rule;
  using of = front::operand_tensor<X>;
  using checked = call<Op, pool_attrs<typename Op::attrs>(Config, of::type.shape), of>;
  static_assert(checked::template without<rule::bad_dtype>,
                "etch: pool2d: x is neither float nor double");
  static_assert(checked::template without<rule::bad_rank>, "etch: pool2d: x is not of rank 4");
  static_assert(checked::template without<rule::bad_kernel>,
                "etch: pool2d: the kernel is smaller than 1");
  static_assert(checked::template without<rule::bad_stride>,
                "etch: pool2d: a stride is zero or negative");
  static_assert(checked::template without<rule::bad_padding>,
                "etch: pool2d: a padding is negative or not smaller than the kernel");
  static_assert(checked::template without<rule::bad_size>,
                "etch: pool2d: the kernel is larger than the padded input");
  return checked::record(x);
}

}  // namespace ops
}  // namespace etch
