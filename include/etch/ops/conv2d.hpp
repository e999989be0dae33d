#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/window.hpp>

namespace etch {

namespace ops {

struct conv2d {
  static constexpr ir::op_key key{"conv2d"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 2;
  static constexpr int arity_max = 3;
  struct attrs {
    int stride_h = 1;
    int stride_w = 1;
    int dilation_h = 1;
    int dilation_w = 1;
    int pad_top = 0;
    int pad_left = 0;
    int pad_bottom = 0;
    int pad_right = 0;
    int groups = 1;
    bool channels_last = false;
  };

  static constexpr char bad_dtype[] = "the operands are not all float or all double";
  static constexpr char bad_rank[] = "x or the weight is not of rank 4";
  static constexpr char bad_stride[] = "a stride is zero or negative";
  static constexpr char bad_dilation[] = "a dilation is zero or negative";
  static constexpr char bad_padding[] = "a padding is negative";
  static constexpr char bad_groups[] = "the groups do not divide the channels";
  static constexpr char bad_weight[] = "the weight does not fit the channels of x";
  static constexpr char bad_bias[] = "the bias does not fit the weight";
  static constexpr char bad_kernel[] = "the kernel is larger than the padded input";

  static constexpr window_axis vertical(ir::shape const& x, ir::shape const& w, attrs const& a) {
    return {
        x[image_axes(a.channels_last).h], w[2], a.stride_h, a.dilation_h, a.pad_top, a.pad_bottom};
  }
  static constexpr window_axis horizontal(ir::shape const& x, ir::shape const& w, attrs const& a) {
    return {
        x[image_axes(a.channels_last).w], w[3], a.stride_w, a.dilation_w, a.pad_left, a.pad_right};
  }

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    ir::shape const& x = in[0].shape;
    ir::shape const& w = in[1].shape;
    if (x.rank != 4 || w.rank != 4) return ir::inferred(bad_rank);
    if (a.stride_h < 1 || a.stride_w < 1) return ir::inferred(bad_stride);
    if (a.dilation_h < 1 || a.dilation_w < 1) return ir::inferred(bad_dilation);
    if (a.pad_top < 0 || a.pad_left < 0 || a.pad_bottom < 0 || a.pad_right < 0)
      return ir::inferred(bad_padding);
    std::int64_t const channels = x[image_axes(a.channels_last).channel];
    if (a.groups < 1 || channels % a.groups != 0 || w[0] % a.groups != 0)
      return ir::inferred(bad_groups);
    if (w[1] != channels / a.groups) return ir::inferred(bad_weight);
    if (in.size() > 2 && in[2].shape != ir::shape(w[0])) return ir::inferred(bad_bias);
    window_axis const down = vertical(x, w, a);
    window_axis const along = horizontal(x, w, a);
    if (!down.fits() || !along.fits()) return ir::inferred(bad_kernel);
    return ir::tensor_type{
        in[0].dtype, image_shape(x[0], w[0], down.positions(), along.positions(), a.channels_last)};
  }

  static constexpr ir::extent_array extents(ir::operand_types in,
                                            std::span<ir::extent_array const> of, attrs const& a) {
    for (std::size_t i = 1; i < of.size(); ++i) {
      for (extent const& each : of[i]) {
        if (!each.is_fixed()) return {};
      }
    }
    ir::shape const &x = in[0].shape, &w = in[1].shape;
    return image_extents(of[0], w[0], vertical(x, w, a), horizontal(x, w, a), a.channels_last);
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out, attrs) {
    return out.elements() * (2 * in[1].shape.product(1, 4) + (in.size() > 2 ? 1 : 0));
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const& w = in[1].type.shape;
    std::int64_t const outputs_of_group = w[0] / a.groups;
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      image_offsets const to(out.type.shape, a.channels_last);
      for (std::int64_t b = 0; b < out.type.shape[0]; ++b) {
        for (std::int64_t o = 0; o < w[0]; ++o) {
          std::int64_t const channel = o / outputs_of_group * w[1];
          double const bias = in.size() > 2 ? static_cast<double>(in[2].as<T const>()[o]) : 0.0;
          for (std::int64_t y = 0; y < to.h; ++y) {
            for (std::int64_t x = 0; x < to.w; ++x)
              out.as<T>()[to(b, o, y, x)] =
                  static_cast<T>(bias + window_sum<T>(in, a, b, channel, o, y, x));
          }
        }
      }
    });
  }

 private:
  template <class T>
  static double window_sum(ir::operand_refs in, attrs const& a, std::int64_t b,
                           std::int64_t channel, std::int64_t o, std::int64_t y, std::int64_t x) {
    ir::shape const& w = in[1].type.shape;
    window_axis const down = vertical(in[0].type.shape, w, a);
    window_axis const along = horizontal(in[0].type.shape, w, a);
    image_offsets const from(in[0].type.shape, a.channels_last);
    T const* const weight = in[1].as<T const>() + o * w.product(1, 4);
    double sum = 0;
    for (std::int64_t i = 0; i < w[1]; ++i) {
      for (std::int64_t ky = 0; ky < w[2]; ++ky) {
        std::int64_t const row = down.at(y, ky);
        if (!down.inside(row)) continue;
        for (std::int64_t kx = 0; kx < w[3]; ++kx) {
          std::int64_t const col = along.at(x, kx);
          if (!along.inside(col)) continue;
          sum += static_cast<double>(in[0].as<T const>()[from(b, channel + i, row, col)]) *
                 static_cast<double>(weight[(i * w[2] + ky) * w[3] + kx]);
        }
      }
    }
    return sum;
  }
};

}  // namespace ops

/// How a convolution looks: conv{.kernel = 3, .stride = {2, 2}, .padding = same}.
struct conv {
  size2d kernel = 0;  ///< 0: that of the weight, where a weight is given
  size2d stride = 1;
  padding2d padding = 0;
  size2d dilation = 1;
  int groups = 1;
  image_layout layout = nchw;
  bool bias = true;  ///< whether conv2d<N, conv{...}>(name, x) has one
};

namespace ops {

constexpr conv2d::attrs conv2d_attrs(conv const& c, ir::shape const& x, ir::shape const& w) {
  image_axes const axes(c.layout == nhwc);
  size2d const kernel(static_cast<int>(extent_or_one(w, 2)), static_cast<int>(extent_or_one(w, 3)));
  padding2d const p = explicit_padding_of(c.padding, extent_or_one(x, axes.h),
                                          extent_or_one(x, axes.w), kernel, c.stride, c.dilation);
  return {c.stride.h, c.stride.w, c.dilation.h, c.dilation.w, p.top,
          p.left,     p.bottom,   p.right,      c.groups,     c.layout == nhwc};
}

constexpr bool names_kernel(conv const& c, ir::shape const& w) {
  return w.rank != 4 || c.kernel == size2d(0) || (c.kernel.h == w[2] && c.kernel.w == w[3]);
}

/// The named check of the kernel of a configuration and of a weight.
template <conv Config, class W>
struct conv_and_weight {
  static constexpr bool agree = names_kernel(Config, W::type.shape);
};

template <conv Config, class X, class W, class... B>
constexpr auto record_conv2d(X const& x, W const& weight, B const&... bias) {
  using op = conv2d;
  using w = front::operand_tensor<W>;
  using checked =
      call_on<op, conv2d_attrs(Config, front::operand_tensor<X>::type.shape, w::type.shape), X, W,
              B...>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: conv2d: the operands are not all float or all double");
  static_assert(checked::template without<op::bad_rank>,
                "etch: conv2d: x or the weight is not of rank 4");
  static_assert(checked::template without<op::bad_stride>,
                "etch: conv2d: a stride is zero or negative");
  static_assert(checked::template without<op::bad_dilation>,
                "etch: conv2d: a dilation is zero or negative");
  static_assert(checked::template without<op::bad_padding>, "etch: conv2d: a padding is negative");
  static_assert(checked::template without<op::bad_groups>,
                "etch: conv2d: the groups do not divide the channels");
  static_assert(checked::template without<op::bad_weight>,
                "etch: conv2d: the weight does not fit the channels of x");
  static_assert(checked::template without<op::bad_bias>,
                "etch: conv2d: the bias does not fit the weight");
  static_assert(checked::template without<op::bad_kernel>,
                "etch: conv2d: the kernel is larger than the padded input");
  static_assert(!checked::ok || conv_and_weight<Config, w>::agree,
                "etch: conv2d: the weight has another kernel than the configuration");
  return checked::record(x, weight, bias...);
}

/// The type of the weight that Config asks for; 1 stands for what is wrong, so that the checks
/// of the operator speak first.
template <class X, int Outputs, conv Config>
constexpr ir::tensor_type conv_weight_type() {
  std::int64_t const channels =
      extent_or_one(X::type.shape, image_axes(Config.layout == nhwc).channel);
  std::int64_t const inputs = Config.groups > 0 ? channels / Config.groups : 1;
  return {X::type.dtype, ir::shape(std::int64_t{Outputs}, inputs > 0 ? inputs : 1,
                                   std::int64_t{Config.kernel.h > 0 ? Config.kernel.h : 1},
                                   std::int64_t{Config.kernel.w > 0 ? Config.kernel.w : 1})};
}

template <conv Config>
struct kernel_of {
  static constexpr bool positive = Config.kernel.h > 0 && Config.kernel.w > 0;
};

}  // namespace ops

/// conv2d<conv{...}>(x, weight, bias): the cross-correlation of images with a kernel; the bias may
/// be left out.
/// shape     x[B, C, H, W], or [B, H, W, C] with .layout = nhwc; weight[O, C / groups, kh, kw] in
///           either layout; bias[O] -> [B, O, OH, OW] or [B, OH, OW, O], where
///           OH = (H + padding - (kh - 1) dilation - 1) / stride + 1, rounded down; with
///           .padding = same OH = H / stride, rounded up; without rounding where the call decides H
///           or W: the part that changes is a multiple of the stride in every call
/// dtype     float, double; the same for all
/// numerics  the reference adds up in double and rounds once; kernels state their own order
/// errors    a stride or dilation below 1, a negative padding, groups that do not divide the
///           channels, a weight or a bias that does not fit, a kernel larger than the padded input
/// source    torch.nn.functional.conv2d; tf.nn.conv2d (same); ONNX Conv-11
template <conv Config = conv{}, front::tensor_operand X, front::tensor_operand W,
          front::tensor_operand... B>
requires(sizeof...(B) <= 1) constexpr auto conv2d(X const& x, W const& weight, B const&... bias) {
  return ops::record_conv2d<Config>(x, weight, bias...);
}

/// conv2d<O, conv{.kernel = 3}>(name, x): the same with the parameters name.weight
/// [O, C / groups, kh, kw] and name.bias [O]; without the latter where .bias = false.
template <int Outputs, conv Config, symbolic X>
constexpr auto conv2d(path const& name, X const& x) {
  static_assert(ops::kernel_of<Config>::positive,
                "etch: conv2d: the kernel has no size: write conv{.kernel = 3}");
  using T = typename front::tensor_of<X>::value_type;
  auto const weight =
      ops::parameter_of<ops::conv_weight_type<X, Outputs, Config>()>(name / "weight");
  if constexpr (Config.bias)
    return ops::record_conv2d<Config>(x, weight, parameter<T, Outputs>(name / "bias"));
  else
    return ops::record_conv2d<Config>(x, weight);
}

template <>
struct op_for<ops::conv2d::key> : std::type_identity<ops::conv2d> {};

}  // namespace etch
