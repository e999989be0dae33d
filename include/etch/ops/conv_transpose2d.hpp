#pragma once

#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/conv2d.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/window.hpp>

namespace etch {

namespace ops {

/// A window that is laid down at every pixel along one axis of an image, `stride` apart.
struct spread_axis {
  std::int64_t extent = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t before = 0;  ///< cut off
  std::int64_t after = 0;
  std::int64_t extra = 0;  ///< added behind what the windows reach

  constexpr std::int64_t positions() const {
    return (extent - 1) * stride - before - after + (kernel - 1) * dilation + extra + 1;
  }
  /// The pixel whose tap k lies on position o, or -1.
  constexpr std::int64_t source(std::int64_t o, std::int64_t k) const {
    std::int64_t const at = o + before - k * dilation;
    return at >= 0 && at % stride == 0 && at / stride < extent ? at / stride : -1;
  }
};

struct conv_transpose2d {
  static constexpr ir::op_key key{"conv_transpose2d"};
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
    int extra_h = 0;
    int extra_w = 0;
    int groups = 1;
    bool channels_last = false;
  };

  static constexpr char bad_dtype[] = "the operands are not all float or all double";
  static constexpr char bad_rank[] = "x or the weight is not of rank 4";
  static constexpr char bad_stride[] = "a stride is zero or negative";
  static constexpr char bad_dilation[] = "a dilation is zero or negative";
  static constexpr char bad_padding[] = "a padding is negative";
  static constexpr char bad_extra[] = "the output padding is not below stride or dilation";
  static constexpr char bad_groups[] = "the groups do not divide the channels";
  static constexpr char bad_weight[] = "the weight does not fit the channels of x";
  static constexpr char bad_bias[] = "the bias does not fit the weight";
  static constexpr char bad_output[] = "the padding leaves no output";

  static constexpr spread_axis vertical(ir::shape const& x, ir::shape const& w, attrs const& a) {
    return {x[image_axes(a.channels_last).h],
            w[2],
            a.stride_h,
            a.dilation_h,
            a.pad_top,
            a.pad_bottom,
            a.extra_h};
  }
  static constexpr spread_axis horizontal(ir::shape const& x, ir::shape const& w, attrs const& a) {
    return {x[image_axes(a.channels_last).w],
            w[3],
            a.stride_w,
            a.dilation_w,
            a.pad_left,
            a.pad_right,
            a.extra_w};
  }

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    ir::shape const& x = in[0].shape;
    ir::shape const& w = in[1].shape;
    if (x.rank != 4 || w.rank != 4) return ir::inferred(bad_rank);
    if (a.stride_h < 1 || a.stride_w < 1) return ir::inferred(bad_stride);
    if (a.dilation_h < 1 || a.dilation_w < 1) return ir::inferred(bad_dilation);
    if (a.pad_top < 0 || a.pad_left < 0 || a.pad_bottom < 0 || a.pad_right < 0 || a.extra_h < 0 ||
        a.extra_w < 0)
      return ir::inferred(bad_padding);
    if ((a.extra_h >= a.stride_h && a.extra_h >= a.dilation_h) ||
        (a.extra_w >= a.stride_w && a.extra_w >= a.dilation_w))
      return ir::inferred(bad_extra);
    std::int64_t const channels = x[image_axes(a.channels_last).channel];
    if (a.groups < 1 || channels % a.groups != 0) return ir::inferred(bad_groups);
    if (w[0] != channels) return ir::inferred(bad_weight);
    std::int64_t const outputs = w[1] * a.groups;
    if (in.size() > 2 && in[2].shape != ir::shape(outputs)) return ir::inferred(bad_bias);
    std::int64_t const h = vertical(x, w, a).positions();
    std::int64_t const v = horizontal(x, w, a).positions();
    if (h < 1 || v < 1) return ir::inferred(bad_output);
    return ir::tensor_type{in[0].dtype, image_shape(x[0], outputs, h, v, a.channels_last)};
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out,
                                      attrs const&) {
    return in[0].elements() * 2 * in[1].shape.product(1, 4) + (in.size() > 2 ? out.elements() : 0);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const& a) {
    ir::shape const& w = in[1].type.shape;
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      image_offsets const to(out.type.shape, a.channels_last);
      for (std::int64_t b = 0; b < out.type.shape[0]; ++b) {
        for (std::int64_t o = 0; o < w[1] * a.groups; ++o) {
          double const bias = in.size() > 2 ? static_cast<double>(in[2].as<T const>()[o]) : 0.0;
          for (std::int64_t y = 0; y < to.h; ++y) {
            for (std::int64_t x = 0; x < to.w; ++x)
              out.as<T>()[to(b, o, y, x)] =
                  static_cast<T>(bias + sum_of_taps<T>(in, a, b, o, y, x));
          }
        }
      }
    });
  }

 private:
  /// What all windows lay down on pixel (y, x) of output channel o.
  template <class T>
  static double sum_of_taps(ir::operand_refs in, attrs const& a, std::int64_t b, std::int64_t o,
                            std::int64_t y, std::int64_t x) {
    ir::shape const& w = in[1].type.shape;
    spread_axis const down = vertical(in[0].type.shape, w, a);
    spread_axis const along = horizontal(in[0].type.shape, w, a);
    image_offsets const from(in[0].type.shape, a.channels_last);
    std::int64_t const inputs = w[0] / a.groups, first = o / w[1] * inputs;
    double sum = 0;
    for (std::int64_t c = first; c < first + inputs; ++c) {
      T const* const weight = in[1].as<T const>() + (c * w[1] + o % w[1]) * w[2] * w[3];
      for (std::int64_t ky = 0; ky < w[2]; ++ky) {
        std::int64_t const row = down.source(y, ky);
        if (row < 0) continue;
        for (std::int64_t kx = 0; kx < w[3]; ++kx) {
          std::int64_t const col = along.source(x, kx);
          if (col < 0) continue;
          sum += static_cast<double>(in[0].as<T const>()[from(b, c, row, col)]) *
                 static_cast<double>(weight[ky * w[3] + kx]);
        }
      }
    }
    return sum;
  }
};

}  // namespace ops

/// How a transposed convolution looks: conv_transpose{.kernel = 4, .stride = 2, .padding = 1}.
struct conv_transpose {
  size2d kernel = 0;  ///< 0: that of the weight, where a weight is given
  size2d stride = 1;
  padding2d padding = 0;      ///< how much of the result is cut off
  size2d output_padding = 0;  ///< rows and columns added below and at the right
  size2d dilation = 1;
  int groups = 1;
  image_layout layout = nchw;
  bool bias = true;  ///< whether conv_transpose2d<N, conv_transpose{...}>(name, x) has one
};

namespace ops {

/// What SAME cuts off of one axis, and adds where the window is smaller than the stride: the
/// result has stride times as many pixels as x.
struct same_cut {
  int before = 0;
  int after = 0;
  int extra = 0;

  constexpr same_cut(std::int64_t kernel, int stride, int dilation) {
    int const missing = static_cast<int>(kernel - 1) * dilation + 1 - stride;
    before = missing > 0 ? missing / 2 : 0;
    after = missing > 0 ? missing - before : 0;
    extra = missing < 0 ? -missing : 0;
  }
};

constexpr conv_transpose2d::attrs conv_transpose2d_attrs(conv_transpose const& c,
                                                         ir::shape const& w) {
  padding2d p = c.padding.rule == explicit_padding ? c.padding : padding2d(0);
  size2d extra = c.output_padding;
  if (c.padding.rule == same) {
    same_cut const down(extent_or_one(w, 2), c.stride.h, c.dilation.h);
    same_cut const along(extent_or_one(w, 3), c.stride.w, c.dilation.w);
    p = {down.before, along.before, down.after, along.after};
    extra = {extra.h + down.extra, extra.w + along.extra};
  }
  return {c.stride.h, c.stride.w, c.dilation.h, c.dilation.w, p.top,    p.left,
          p.bottom,   p.right,    extra.h,      extra.w,      c.groups, c.layout == nhwc};
}

/// The named check of the kernel of a configuration and of a weight.
template <conv_transpose Config, class W>
struct conv_transpose_and_weight {
  static constexpr bool agree = names_kernel(conv{.kernel = Config.kernel}, W::type.shape);
};

template <conv_transpose Config, class X, class W, class... B>
constexpr auto record_conv_transpose2d(X const& x, W const& weight, B const&... bias) {
  using op = conv_transpose2d;
  using w = front::operand_tensor<W>;
  using checked = call_on<op, conv_transpose2d_attrs(Config, w::type.shape), X, W, B...>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: conv_transpose2d: the operands are not all float or all double");
  static_assert(checked::template without<op::bad_rank>,
                "etch: conv_transpose2d: x or the weight is not of rank 4");
  static_assert(checked::template without<op::bad_stride>,
                "etch: conv_transpose2d: a stride is zero or negative");
  static_assert(checked::template without<op::bad_dilation>,
                "etch: conv_transpose2d: a dilation is zero or negative");
  static_assert(checked::template without<op::bad_padding>,
                "etch: conv_transpose2d: a padding is negative");
  static_assert(checked::template without<op::bad_extra>,
                "etch: conv_transpose2d: the output padding is not below stride or dilation");
  static_assert(checked::template without<op::bad_groups>,
                "etch: conv_transpose2d: the groups do not divide the channels");
  static_assert(checked::template without<op::bad_weight>,
                "etch: conv_transpose2d: the weight does not fit the channels of x");
  static_assert(checked::template without<op::bad_bias>,
                "etch: conv_transpose2d: the bias does not fit the weight");
  static_assert(checked::template without<op::bad_output>,
                "etch: conv_transpose2d: the padding leaves no output");
  static_assert(!checked::ok || conv_transpose_and_weight<Config, w>::agree,
                "etch: conv_transpose2d: the weight has another kernel than the configuration");
  return checked::record(x, weight, bias...);
}

/// The type of the weight that Config asks for; 1 stands for what is wrong, so that the checks
/// speak first.
template <class X, int Outputs, conv_transpose Config>
constexpr ir::tensor_type conv_transpose_weight_type() {
  std::int64_t const outputs = Config.groups > 0 ? Outputs / Config.groups : 1;
  return {
      X::type.dtype,
      ir::shape(extent_or_one(X::type.shape, image_axes(Config.layout == nhwc).channel),
                outputs > 0 ? outputs : 1, std::int64_t{Config.kernel.h > 0 ? Config.kernel.h : 1},
                std::int64_t{Config.kernel.w > 0 ? Config.kernel.w : 1})};
}

/// The named check of the outputs of a configuration.
template <int Outputs, conv_transpose Config>
struct outputs_of {
  static constexpr bool fit_groups = Config.groups < 1 || Outputs % Config.groups == 0;
};

}  // namespace ops

/// conv_transpose2d<conv_transpose{...}>(x, weight, bias): the transpose of conv2d, which lays the
/// kernel down at every pixel of x, `stride` apart, and adds up; the bias may be left out.
/// shape     x[B, C, H, W], or [B, H, W, C] with .layout = nhwc; weight[C, O / groups, kh, kw] in
///           either layout; bias[O] -> [B, O, OH, OW] or [B, OH, OW, O], where
///           OH = (H - 1) stride - padding + (kh - 1) dilation + output_padding + 1; with
///           .padding = same OH = H stride
/// dtype     float, double; the same for all
/// numerics  the reference adds up in double and rounds once; at run time it is a conv2d, see
///           passes/expand_conv_transpose.hpp
/// errors    a stride or dilation below 1, a negative padding, an output padding that is neither
///           below the stride nor below the dilation, groups that do not divide the channels, a
///           weight or a bias that does not fit, a padding that leaves no output
/// source    torch.nn.functional.conv_transpose2d; tf.nn.conv2d_transpose (same); ONNX
///           ConvTranspose-11
template <conv_transpose Config = conv_transpose{}, front::tensor_operand X,
          front::tensor_operand W, front::tensor_operand... B>
requires(sizeof...(B) <= 1) constexpr auto conv_transpose2d(X const& x, W const& weight,
                                                            B const&... bias) {
  return ops::record_conv_transpose2d<Config>(x, weight, bias...);
}

/// conv_transpose2d<O, conv_transpose{.kernel = 2, .stride = 2}>(name, x): the same with the
/// parameters name.weight [C, O / groups, kh, kw] and name.bias [O]; without the latter where
/// .bias = false.
template <int Outputs, conv_transpose Config, symbolic X>
constexpr auto conv_transpose2d(path const& name, X const& x) {
  static_assert(ops::kernel_of<conv{.kernel = Config.kernel}>::positive,
                "etch: conv_transpose2d: the kernel has no size: write "
                "conv_transpose{.kernel = 3}");
  static_assert(ops::outputs_of<Outputs, Config>::fit_groups,
                "etch: conv_transpose2d: the groups do not divide the outputs");
  using T = typename front::tensor_of<X>::value_type;
  constexpr ir::tensor_type type = ops::conv_transpose_weight_type<X, Outputs, Config>();
  auto const weight = ops::parameter_of<type>(name / "weight");
  constexpr int outputs = static_cast<int>(type.shape[1]) * (Config.groups > 0 ? Config.groups : 1);
  if constexpr (Config.bias)
    return ops::record_conv_transpose2d<Config>(x, weight, parameter<T, outputs>(name / "bias"));
  else
    return ops::record_conv_transpose2d<Config>(x, weight);
}

template <>
struct op_for<ops::conv_transpose2d::key> : std::type_identity<ops::conv_transpose2d> {};

}  // namespace etch
