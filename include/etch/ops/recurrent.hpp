#pragma once

#include <string_view>

#include <etch/front/state.hpp>
#include <etch/ops/add.hpp>
#include <etch/ops/linear.hpp>
#include <etch/ops/reshape.hpp>
#include <etch/ops/slice.hpp>

namespace etch {

/// Whose names and layouts the weights of a recurrent layer have; H is its width, G its gates.
enum class rnn_layout : unsigned char {
  torch,  ///< weight_ih[G H, K], weight_hh[G H, H], bias_ih[G H], bias_hh[G H]; of an lstm with a
          ///< projection to P numbers weight_hh[G H, P] and weight_hr[P, H]
  keras,  ///< kernel[K, G H], recurrent_kernel[H, G H], bias[G H], or [2, G H] for a gru that
          ///< resets behind the product
};

/// How a recurrent layer looks: recurrent{.layout = rnn_layout::keras}.
struct recurrent {
  rnn_layout layout = rnn_layout::torch;
  bool bias = true;
  int layer = -1;  ///< torch: its number in a stack: names end in _l0, _l1, ...; -1: a cell
  bool reset_after = true;  ///< keras, gru: the reset gate is applied behind the recurrent product
  bool reverse =
      false;           ///< torch: the backward direction of a layer: names end in _l0_reverse, ...
  int projection = 0;  ///< torch, lstm: h has so many numbers (proj_size); 0: as many as the cell

  /// The width of h in a layer of that width.
  constexpr int hidden(int width) const { return projection == 0 ? width : projection; }
};

namespace ops {

/// The name of a layer's own value: `of`.h, of a stack `of`.h_l0, `of`.h_l1, ...
constexpr path recurrent_name(path const& of, std::string_view value, int layer) {
  return layer < 0 ? of / value : of / value + "_l" + layer;
}

/// What every cell checks of its configuration and its operands.
template <recurrent Config, int Width, class X, class H>
struct recurrent_operands {
  static constexpr ir::shape x = front::operand_tensor<X>::type.shape;
  static constexpr ir::shape h = front::operand_tensor<H>::type.shape;
  static constexpr bool ok =
      x.rank == 2 && h == ir::shape(x.rank == 2 ? x[0] : 1, std::int64_t{Width});
  static constexpr bool reset_fits = Config.reset_after || Config.layout == rnn_layout::keras;
  static constexpr bool no_projection = Config.projection == 0;
  static constexpr bool projection_fits =
      no_projection ||
      (Config.projection > 0 && Config.projection < Width && Config.layout == rnn_layout::torch);
};

/// The products of a recurrent layer with `Gates` gates of `Width` numbers, by its named weights.
template <int Gates, int Width, recurrent Config, class T>
class gate_products {
  static constexpr int all = Gates * Width;

 public:
  constexpr explicit gate_products(path const& of) : of_(of) {}

  /// [B, K] -> [B, G H], with the bias.
  template <class X>
  constexpr auto input(X const& x) const {
    constexpr int k = static_cast<int>(front::operand_tensor<X>::type.shape[1]);
    if constexpr (Config.layout == rnn_layout::torch) {
      auto const w = parameter<T, all, k>(torch_name("weight_ih"));
      if constexpr (Config.bias)
        return etch::linear(x, w, parameter<T, all>(torch_name("bias_ih")));
      else
        return etch::linear(x, w);
    } else {
      auto const w = parameter<T, k, all>(of_ / "kernel");
      if constexpr (Config.bias)
        return dense(x, w, parameter<T, all>(of_ / "bias"));
      else
        return dense(x, w);
    }
  }

  /// The same for Keras' bias of two rows, whose second row belongs to the recurrent product.
  template <class X>
  constexpr auto input_of_two_biases(X const& x) const {
    constexpr int k = static_cast<int>(front::operand_tensor<X>::type.shape[1]);
    return dense(x, parameter<T, k, all>(of_ / "kernel"), bias_row<0>(x));
  }

  /// [B, H] -> [B, G H], with the bias that PyTorch has for it too.
  template <class H>
  constexpr auto hidden(H const& h) const {
    if constexpr (Config.layout == rnn_layout::torch) {
      auto const w = parameter<T, all, Config.hidden(Width)>(torch_name("weight_hh"));
      if constexpr (Config.bias)
        return etch::linear(h, w, parameter<T, all>(torch_name("bias_hh")));
      else
        return etch::linear(h, w);
    } else {
      return dense(h, parameter<T, Width, all>(of_ / "recurrent_kernel"));
    }
  }

  /// [B, H] -> [B, P] for a projection; nothing happens without one.
  template <class H>
  constexpr auto projected(H const& h) const {
    if constexpr (Config.projection == 0)
      return h;
    else
      return etch::linear(h, parameter<T, Config.projection, Width>(torch_name("weight_hr")));
  }

  template <class H>
  constexpr auto hidden_of_two_biases(H const& h) const {
    return dense(h, parameter<T, Width, all>(of_ / "recurrent_kernel"), bias_row<1>(h));
  }

  /// Gates [First, First + Count) of the recurrent product.
  template <int First, int Count, class H>
  constexpr auto hidden_part(H const& h) const {
    auto const w = parameter<T, Width, all>(of_ / "recurrent_kernel", h);
    return dense(h, etch::slice<1, First * Width, (First + Count) * Width>(w));
  }

 private:
  constexpr path torch_name(std::string_view weight) const {
    path const name = recurrent_name(of_, weight, Config.layer);
    return Config.reverse ? name + "_reverse" : name;
  }
  template <int Row, class X>
  constexpr auto bias_row(X const& like) const {
    return etch::reshape<all>(
        etch::slice<0, Row, Row + 1>(parameter<T, 2, all>(of_ / "bias", like)));
  }

  path of_;
};

/// Gate number `Gate` of [B, G H].
template <int Gate, int Width, class X>
constexpr auto gate(X const& of) {
  return etch::slice<1, Gate * Width, (Gate + 1) * Width>(of);
}

}  // namespace ops
}  // namespace etch
