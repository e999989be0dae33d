#pragma once

#include <etch/ops/conv2d.hpp>
#include <etch/ops/linear.hpp>
#include <etch/ops/pad.hpp>
#include <etch/ops/reshape.hpp>
#include <etch/ops/transpose.hpp>
#include <etch/ops/window.hpp>

namespace etch {

/// The order of the axes of a batch of signals: batch, channels, length, or channels last.
enum signal_layout : unsigned char { ncl, nlc };

/// Zeros before and behind a signal: `same`, `valid`, one number, or {before, after}.
struct padding1d {
  padding_rule rule = explicit_padding;
  int before = 0;
  int after = 0;

  constexpr padding1d() = default;
  constexpr padding1d(padding_rule by) : rule(by) {}
  constexpr padding1d(int both) : before(both), after(both) {}
  constexpr padding1d(int first, int last) : before(first), after(last) {}
  constexpr bool operator==(padding1d const&) const = default;
};

/// How a convolution of signals looks: signal_conv{.kernel = 3, .dilation = 2}.
struct signal_conv {
  int kernel = 0;  ///< 0: that of the weight, where a weight is given
  int stride = 1;
  padding1d padding = 0;
  int dilation = 1;
  int groups = 1;
  signal_layout layout = ncl;
  bool bias = true;  ///< whether conv1d<N, signal_conv{...}>(name, x) has one
};

namespace ops {

/// The same as a convolution of images of one row.
constexpr conv as_image_conv(signal_conv const& c) {
  return {.kernel = c.kernel == 0 ? size2d(0) : size2d(1, c.kernel),
          .stride = {1, c.stride},
          .dilation = {1, c.dilation},
          .groups = c.groups,
          .layout = nhwc,
          .bias = c.bias};
}

/// The same for signals that lie side by side, a column of the image each.
constexpr conv as_column_conv(signal_conv const& c) {
  return {.kernel = c.kernel == 0 ? size2d(0) : size2d(c.kernel, 1),
          .stride = {c.stride, 1},
          .dilation = {c.dilation, 1},
          .groups = c.groups,
          .layout = nhwc,
          .bias = c.bias};
}

/// What a convolution of signals is computed from, as [B, L, C] and [O, C / groups, K].
template <signal_conv Config, class X, class W>
struct signal_conv_operands {
  static constexpr ir::shape x = front::operand_tensor<X>::type.shape;
  static constexpr ir::shape w = front::operand_tensor<W>::type.shape;
  static constexpr int length_axis = Config.layout == nlc ? x.rank - 2 : x.rank - 1;
  static constexpr bool has_rank = (x.rank == 2 || x.rank == 3) && w.rank == 3;
  static constexpr bool padding_fits = Config.padding.before >= 0 && Config.padding.after >= 0;
  static constexpr bool kernel_fits = Config.kernel == 0 || w.rank != 3 || Config.kernel == w[2];
};

/// [B, L, C] or [L, C] by [O, C / groups, K], without padding.
template <signal_conv Config, class X, class W, class... B>
constexpr auto record_signal_conv(X const& x, W const& weight, B const&... bias) {
  constexpr ir::shape s = front::operand_tensor<X>::type.shape;
  constexpr ir::shape w = front::operand_tensor<W>::type.shape;
  constexpr std::int64_t batch = s.rank == 3 ? s[0] : 1;
  constexpr std::int64_t length = s[s.rank - 2], channels = s[s.rank - 1];
  auto const image = record_reshape<core::ints<6>{batch, 1, length, channels}>(x);
  auto const kernel = record_reshape<core::ints<6>{w[0], w[1], 1, w[2]}>(
      front::as_tensor(weight, front::recording_of(x)));
  auto const y = record_conv2d<as_image_conv(Config)>(image, kernel, bias...);
  constexpr ir::shape o = decltype(y)::type.shape;
  if constexpr (s.rank == 3)
    return record_reshape<core::ints<6>{batch, o[2], o[3]}>(y);
  else
    return record_reshape<core::ints<6>{o[2], o[3]}>(y);
}

/// Padding as two numbers, for a kernel of that size over a signal of that length.
constexpr padding1d explicit_padding_of(signal_conv const& c, std::int64_t length,
                                        std::int64_t kernel) {
  if (c.padding.rule == explicit_padding) return c.padding;
  if (c.padding.rule == valid) return 0;
  window_axis along{length, kernel, c.stride, c.dilation};
  along.pad_same();
  return {static_cast<int>(along.before), static_cast<int>(along.after)};
}

template <signal_conv Config, class X, class W, class... B>
constexpr auto record_conv1d(X const& x, W const& weight, B const&... bias) {
  using checked = signal_conv_operands<Config, X, W>;
  static_assert(checked::has_rank,
                "etch: conv1d: x is not of rank 2 or 3, or the weight not of rank 3");
  static_assert(checked::padding_fits, "etch: conv1d: a padding is negative");
  static_assert(checked::kernel_fits,
                "etch: conv1d: the weight has another kernel than the configuration");
  if constexpr (!checked::has_rank || !checked::padding_fits || !checked::kernel_fits) {
    return x;
  } else if constexpr (Config.layout == ncl) {
    constexpr auto last = checked::x.rank == 3 ? core::ints<6>{0, 2, 1} : core::ints<6>{1, 0};
    constexpr signal_conv same = [] {
      signal_conv c = Config;
      c.layout = nlc;
      return c;
    }();
    return record_transpose<last>(record_conv1d<same>(record_transpose<last>(x), weight, bias...));
  } else {
    constexpr padding1d padding =
        explicit_padding_of(Config, checked::x[checked::x.rank - 2], checked::w[2]);
    if constexpr (padding == padding1d(0))
      return record_signal_conv<Config>(x, weight, bias...);
    else
      return record_signal_conv<Config>(
          etch::pad<margin{.axis = -2, .before = padding.before, .after = padding.after}>(x),
          weight, bias...);
  }
}

/// The type of the weight that Config asks for, of signals with so many channels; 1 stands for what
/// is wrong, so that the checks speak first.
template <class T, int Outputs, signal_conv Config>
constexpr ir::tensor_type signal_weight_type(std::int64_t channels) {
  std::int64_t const inputs = Config.groups > 0 ? channels / Config.groups : 1;
  return {ir::dtype_of<T>, ir::shape(std::int64_t{Outputs}, inputs > 0 ? inputs : 1,
                                     std::int64_t{Config.kernel > 0 ? Config.kernel : 1})};
}

template <signal_conv Config>
struct signal_kernel_of {
  static constexpr bool positive = Config.kernel > 0;
};

}  // namespace ops

/// conv1d<signal_conv{...}>(x, weight, bias): the cross-correlation of signals with a kernel; the
/// bias may be left out. `causal_conv1d` is the form that goes on from call to call.
/// shape     x[B, C, L] or [C, L], with .layout = nlc [B, L, C] or [L, C];
///           weight[O, C / groups, K] in either layout; bias[O] -> the same axes with O channels
///           and (L + padding - (K - 1) dilation - 1) / stride + 1 values, rounded down; with
///           .padding = same L / stride, rounded up; of an L that the call decides, whose part that
///           changes is a multiple of the stride in every call, so without rounding
/// dtype     float, double; the same for all
/// numerics  those of conv2d; padding is zeros in the sum, so that 0 * inf is NaN there
/// errors    those of conv2d; a rank that is neither 2 nor 3
/// source    torch.nn.functional.conv1d; tf.nn.conv1d (same); ONNX Conv-11
template <signal_conv Config = signal_conv{}, front::tensor_operand X, front::tensor_operand W,
          front::tensor_operand... B>
requires(sizeof...(B) <= 1) constexpr auto conv1d(X const& x, W const& weight, B const&... bias) {
  return ops::record_conv1d<Config>(x, weight, bias...);
}

/// conv1d<O, signal_conv{.kernel = 3}>(name, x): the same with the parameters name.weight
/// [O, C / groups, K] and name.bias [O]; without the latter where .bias = false.
template <int Outputs, signal_conv Config, symbolic X>
constexpr auto conv1d(path const& name, X const& x) {
  static_assert(ops::signal_kernel_of<Config>::positive,
                "etch: conv1d: the kernel has no size: write signal_conv{.kernel = 3}");
  using T = typename front::tensor_of<X>::value_type;
  constexpr int rank = X::type.rank();
  constexpr std::int64_t channels =
      ops::extent_or_one(X::type.shape, Config.layout == nlc ? rank - 1 : rank - 2);
  auto const weight =
      ops::parameter_of<ops::signal_weight_type<T, Outputs, Config>(channels)>(name / "weight");
  if constexpr (Config.bias)
    return ops::record_conv1d<Config>(x, weight, parameter<T, Outputs>(name / "bias"));
  else
    return ops::record_conv1d<Config>(x, weight);
}

}  // namespace etch
