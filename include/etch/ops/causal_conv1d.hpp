#pragma once

#include <etch/front/state.hpp>
#include <etch/ops/concat.hpp>
#include <etch/ops/conv1d.hpp>
#include <etch/ops/conv_transpose2d.hpp>
#include <etch/ops/slice.hpp>

namespace etch {

namespace ops {

/// The named checks of a convolution that goes on from call to call.
template <signal_conv Config, class X, class W>
struct causal_operands {
  static constexpr ir::shape x = front::operand_tensor<X>::type.shape;
  static constexpr ir::shape w = front::operand_tensor<W>::type.shape;
  static constexpr bool has_rank = (x.rank == 2 || x.rank == 3) && w.rank == 3;
  static constexpr bool kernel_fits = Config.kernel == 0 || w.rank != 3 || Config.kernel == w[2];
  static constexpr bool no_padding = Config.padding == padding1d(0);
  static constexpr bool steps_fit = Config.stride > 0 && Config.dilation > 0;
  static constexpr bool rows_fit = !has_rank || !steps_fit || x[0] % Config.stride == 0;
  static constexpr bool ok = has_rank && kernel_fits && no_padding && steps_fit && rows_fit;
};

/// The last `Rows` rows of a signal before this block, then the block. They are kept as the state
/// name.history.
template <std::int64_t Rows, class X>
constexpr auto with_history(path const& name, X const& x) {
  if constexpr (Rows == 0) {
    return x;
  } else {
    using T = typename front::tensor_of<X>::value_type;
    constexpr ir::shape s = X::type.shape;
    auto const extended = [&](auto history) {
      auto const window = etch::concat<0>(history, x);
      history = etch::slice<0, s[0], s[0] + Rows>(window);
      return window;
    };
    if constexpr (s.rank == 2)
      return extended(state<T, Rows, s[1]>(name / "history", x));
    else
      return extended(state<T, Rows, s[1], s[2]>(name / "history", x));
  }
}

/// [T, B, C], a signal in each column, by [O, C / groups, K].
template <signal_conv Config, class X, class W, class... B>
constexpr auto record_columns(X const& x, W const& weight, B const&... bias) {
  constexpr ir::shape s = X::type.shape;
  constexpr ir::shape w = front::operand_tensor<W>::type.shape;
  auto const image = record_reshape<core::ints<6>{1, s[0], s[1], s[2]}>(x);
  auto const kernel =
      record_reshape<core::ints<6>{w[0], w[1], w[2], 1}>(front::as_tensor(weight, x.recording()));
  auto const y = record_conv2d<as_column_conv(Config)>(image, kernel, bias...);
  constexpr ir::shape o = decltype(y)::type.shape;
  return record_reshape<core::ints<6>{o[1], o[2], o[3]}>(y);
}

template <signal_conv Config, class X, class W, class... B>
constexpr auto record_causal_conv1d(path const& name, X const& x, W const& weight,
                                    B const&... bias) {
  using checked = causal_operands<Config, X, W>;
  static_assert(checked::has_rank,
                "etch: causal_conv1d: x is not [T, C] or [T, B, C], or the weight not of rank 3");
  static_assert(checked::kernel_fits,
                "etch: causal_conv1d: the weight has another kernel than the configuration");
  static_assert(checked::no_padding,
                "etch: causal_conv1d: it pads with what came before, and with nothing else");
  static_assert(checked::steps_fit,
                "etch: causal_conv1d: a stride or dilation is zero or negative");
  static_assert(checked::rows_fit,
                "etch: causal_conv1d: the stride does not divide the rows of a call");
  if constexpr (checked::ok) {
    constexpr std::int64_t kernel = checked::w[2];
    auto const window = with_history<(kernel - 1) * Config.dilation>(name, x);
    if constexpr (kernel == 1 && Config.groups == 1 && Config.stride == 1)
      return etch::linear(window,
                          record_reshape<core::ints<6>{checked::w[0], checked::w[1]}>(
                              front::as_tensor(weight, x.recording())),
                          bias...);
    else if constexpr (checked::x.rank == 2)
      return record_signal_conv<Config>(window, weight, bias...);
    else
      return record_columns<Config>(window, weight, bias...);
  } else {
    return x;
  }
}

}  // namespace ops

/// causal_conv1d<signal_conv{...}>(name, x, weight, bias): a convolution over a signal that arrives
/// in blocks of rows. What it needs of the blocks before is the state name.history, at a constant
/// cost for each call; the same signal gives the same bits in blocks of any size.
///   y[j] = bias + sum over k of weight[.][.][k] x[j stride - (K - 1 - k) dilation],
/// where rows before the first call are zeros (or what the state is set to).
/// shape     x[T, C], T a multiple of the stride; weight[O, C / groups, K]; bias[O] ->
///           [T / stride, O]; x[T, B, C] -> [T / stride, B, O]: B signals (voices, joints) that
///           know nothing of each other, each with the bits that it has alone
/// dtype     float, double; the same for all
/// numerics  those of conv2d; those of linear for a kernel of 1
/// errors    those of conv2d; a padding; a stride that does not divide T
/// source    torch.nn.Conv1d behind a padding of (K - 1) dilation zeros before; tf.keras.layers.
///           Conv1D (padding = causal)
template <signal_conv Config = signal_conv{}, symbolic X, front::tensor_operand W,
          front::tensor_operand... B>
requires(sizeof...(B) <= 1) constexpr auto causal_conv1d(path const& name, X const& x,
                                                         W const& weight, B const&... bias) {
  return ops::record_causal_conv1d<Config>(name, x, weight, bias...);
}

/// causal_conv1d<O, signal_conv{.kernel = 3, .dilation = 2}>(name, x): the same with the parameters
/// name.weight [O, C / groups, K] and name.bias [O]; without the latter where .bias = false.
template <int Outputs, signal_conv Config, symbolic X>
constexpr auto causal_conv1d(path const& name, X const& x) {
  static_assert(ops::signal_kernel_of<Config>::positive,
                "etch: causal_conv1d: the kernel has no size: write signal_conv{.kernel = 3}");
  using T = typename front::tensor_of<X>::value_type;
  constexpr std::int64_t channels = ops::extent_or_one(X::type.shape, X::type.rank() - 1);
  auto const weight =
      ops::parameter_of<ops::signal_weight_type<T, Outputs, Config>(channels)>(name / "weight");
  if constexpr (Config.bias)
    return ops::record_causal_conv1d<Config>(name, x, weight, parameter<T, Outputs>(name / "bias"));
  else
    return ops::record_causal_conv1d<Config>(name, x, weight);
}

/// causal_conv_transpose1d<O, signal_conv{.kernel = 4, .stride = 2}>(name, x): the transpose of a
/// strided convolution over a signal that arrives in blocks of rows: `stride` rows for each row of
/// x. Each row lays the kernel down from its first output on; what reaches into the next blocks is
/// computed there, from the state name.history.
///   y[n] = bias + sum over t, k with t stride + k dilation = n of x[t] weight[.][.][k]
/// shape     x[T, C] -> [T stride, O]; parameters name.weight [C, O / groups, K], name.bias [O]
/// dtype     float, double
/// numerics  those of conv_transpose2d
/// errors    those of conv_transpose2d; a padding
/// source    torch.nn.ConvTranspose1d, of whose output these are the first T stride rows
template <int Outputs, signal_conv Config, symbolic X>
constexpr auto causal_conv_transpose1d(path const& name, X const& x) {
  static_assert(ops::signal_kernel_of<Config>::positive,
                "etch: causal_conv_transpose1d: the kernel has no size: write "
                "signal_conv{.kernel = 3}");
  static_assert(X::type.rank() == 2, "etch: causal_conv_transpose1d: x is not [T, C]");
  static_assert(Config.padding == padding1d(0),
                "etch: causal_conv_transpose1d: it pads with what came before, and with nothing "
                "else");
  using T = typename front::tensor_of<X>::value_type;
  constexpr std::int64_t reach = (Config.kernel - 1) * Config.dilation;
  constexpr std::int64_t kept = reach / Config.stride, rows = X::type.shape[0];
  constexpr std::int64_t channels = X::type.shape[1];
  constexpr int gap = Config.stride - 1 - static_cast<int>(reach);
  constexpr conv_transpose as_image{.stride = {1, Config.stride},
                                    .output_padding = {0, gap > 0 ? gap : 0},
                                    .dilation = {1, Config.dilation},
                                    .groups = Config.groups,
                                    .layout = nhwc};
  constexpr std::int64_t outputs = Outputs / Config.groups;
  auto const kernel = reshape<channels, outputs, 1, Config.kernel>(
      parameter<T, channels, outputs, Config.kernel>(name / "weight", x));
  auto const window = ops::with_history<kept>(name, x);
  auto const image = reshape<1, 1, kept + rows, channels>(window);
  auto const y = [&] {
    if constexpr (Config.bias)
      return conv_transpose2d<as_image>(image, kernel, parameter<T, Outputs>(name / "bias"));
    else
      return conv_transpose2d<as_image>(image, kernel);
  }();
  constexpr std::int64_t first = kept * Config.stride, last = first + rows * Config.stride;
  return reshape<rows * Config.stride, Outputs>(slice<2, first, last>(y));
}

}  // namespace etch
