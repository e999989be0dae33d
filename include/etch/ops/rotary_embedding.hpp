#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/position.hpp>

namespace etch {

/// Which numbers of a head rotary_embedding turns together.
enum class rotary_pairing : unsigned char {
  halves,    ///< i and i + dims / 2: GPT-NeoX, Hugging Face's Llama
  adjacent,  ///< 2 i and 2 i + 1: GPT-J, Meta's Llama, llama2.c
};

/// How rotary_embedding turns: rotary{.positions = 1024, .pairing = rotary_pairing::adjacent}.
struct rotary {
  int positions = 0;  ///< that there are: 0 to positions - 1
  rotary_pairing pairing = rotary_pairing::halves;
  int dims = 0;  ///< of a head, its first ones; 0: all
  float base = 10000;
};

namespace ops {

/// The cosines and sines of all positions, made once, at load: for halves cos and sin of each
/// angle; for adjacent pairs the cosines twice each, and behind them the sines as -sin, sin.
struct rotary_table {
  static constexpr ir::op_key key{"rotary_table"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 0;
  struct attrs {
    rotary_pairing pairing = rotary_pairing::halves;
    int positions = 1;
    int dims = 2;
    float base = 10000;
    dtype type = dtype::f32;
  };

  static constexpr int width(attrs const& a) {
    return a.pairing == rotary_pairing::halves ? a.dims : 2 * a.dims;
  }
  static constexpr ir::inferred infer(ir::operand_types, attrs a) {
    return ir::tensor_type{a.type, ir::shape(a.positions, width(a))};
  }

  static void reference(ir::operand_refs, ir::tensor_ref out, attrs a) {
    bool const halves = a.pairing == rotary_pairing::halves;
    int const pairs = a.dims / 2;
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (int position = 0; position < a.positions; ++position) {
        T* const row = out.as<T>() + std::int64_t{position} * width(a);
        for (int i = 0; i < pairs; ++i) {
          double const frequency = std::pow(static_cast<double>(a.base), -2.0 * i / a.dims);
          double const cosine = std::cos(position * frequency);
          double const sine = std::sin(position * frequency);
          if (halves) {
            row[i] = static_cast<T>(cosine);
            row[pairs + i] = static_cast<T>(sine);
          } else {
            row[2 * i] = row[2 * i + 1] = static_cast<T>(cosine);
            row[a.dims + 2 * i] = static_cast<T>(-sine);
            row[a.dims + 2 * i + 1] = static_cast<T>(sine);
          }
        }
      }
    });
  }
};

/// Operands: x, the table, the position of the first row.
struct rotary_embedding {
  static constexpr ir::op_key key{"rotary_embedding"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 3;
  struct attrs {
    rotary_pairing pairing = rotary_pairing::halves;
    int dims = 2;
  };

  static constexpr char bad_dtype[] = "x is neither float nor double";
  static constexpr char bad_rank[] = "x is not [T, heads, width] or [batch, T, heads, width]";
  static constexpr char bad_dims[] = "the dims to turn are odd, or more than a head has";
  static constexpr char bad_position[] = "the position is not one int32 or int64";
  static constexpr char malformed_table[] = "the table does not fit";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::tensor_type const &x = in[0], &table = in[1];
    if (x.dtype != dtype::f32 && x.dtype != dtype::f64) return ir::inferred(bad_dtype);
    if (x.rank() != 3 && x.rank() != 4) return ir::inferred(bad_rank);
    if (a.dims < 2 || a.dims % 2 != 0 || a.dims > last_extent(x.shape))
      return ir::inferred(bad_dims);
    if (!is_position(in[2])) return ir::inferred(bad_position);
    int const width = rotary_table::width({.pairing = a.pairing, .dims = a.dims});
    if (table.dtype != x.dtype || table.rank() != 2 || table.shape[1] != width)
      return ir::inferred(malformed_table);
    return x;
  }

  /// Per element: two products and a sum.
  static constexpr std::int64_t flops(ir::operand_types, ir::tensor_type const& out,
                                      attrs const& a) {
    return 3 * out.elements() / last_extent(out.shape) * a.dims;
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const& s = out.type.shape;
    std::int64_t const width = s[s.rank - 1], heads = s[s.rank - 2], rows = s[s.rank - 3];
    std::int64_t const first = position_in(in[2]), positions = in[1].type.shape[0];
    int const pairs = a.dims / 2;
    bool const halves = a.pairing == rotary_pairing::halves;
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t line = 0; line < out.type.elements() / width; ++line) {
        T const* const x = in[0].as<T const>() + line * width;
        T* const y = out.as<T>() + line * width;
        std::int64_t const position = row_at(first, line / heads % rows, positions);
        if (position < 0) {
          for (std::int64_t i = 0; i < width; ++i) y[i] = std::numeric_limits<T>::quiet_NaN();
          continue;
        }
        T const* const row = in[1].as<T const>() + position * in[1].type.shape[1];
        for (int i = 0; i < pairs; ++i) {
          int const one = halves ? i : 2 * i, other = halves ? pairs + i : 2 * i + 1;
          auto const cosine = static_cast<double>(row[one]);
          auto const sine = static_cast<double>(row[halves ? other : a.dims + other]);
          auto const u = static_cast<double>(x[one]), v = static_cast<double>(x[other]);
          y[one] = static_cast<T>(u * cosine - v * sine);
          y[other] = static_cast<T>(v * cosine + u * sine);
        }
        for (std::int64_t i = a.dims; i < width; ++i) y[i] = x[i];
      }
    });
  }
};

}  // namespace ops

/// rotary_embedding<rotary{...}>(x, position): each head of row t turned by the angles of position
/// `position` + t: pair i by (position + t) base^(-2 i / dims). The position is a number or one
/// int32 or int64 of the model, such as a state.
/// shape     x[T, heads, width] or x[batch, T, heads, width], the result that of x
/// dtype     float, double
/// numerics  angles, cosines and sines are computed in double, at load, and rounded once; a row
///           whose position there is not is NaN: a run cannot fail, and reads nothing outside
/// errors    no positions; dims that are odd or more than the width; a position of another dtype or
///           of several elements
/// source    Su et al. 2021; ONNX RotaryEmbedding-23
template <rotary Config, front::tensor_operand X, front::operand P>
constexpr auto rotary_embedding(X const& x, P const& position) {
  using op = ops::rotary_embedding;
  using table = ops::rotary_table;
  constexpr ir::tensor_type type = front::operand_tensor<X>::type;
  static_assert(Config.positions > 0, "etch: rotary_embedding: there are no positions");
  constexpr int dims =
      Config.dims != 0 ? Config.dims : static_cast<int>(ops::last_extent(type.shape));
  constexpr table::attrs angles{.pairing = Config.pairing,
                                .positions = Config.positions > 0 ? Config.positions : 1,
                                .dims = dims,
                                .base = Config.base,
                                .type = type.dtype};
  using angles_tensor = front::tensor_for<ir::tensor_type{
      type.dtype, ir::shape(angles.positions, table::width(angles))}>;
  auto& in = front::recording_of(x);
  auto const at = ops::position_operand(in, position);
  using checked = ops::call_on<op, op::attrs{.pairing = Config.pairing, .dims = dims}, X,
                               angles_tensor, decltype(at)>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: rotary_embedding: x is neither float nor double");
  static_assert(checked::template without<op::bad_rank>,
                "etch: rotary_embedding: x is not [T, heads, width] or [batch, T, heads, width]");
  static_assert(checked::template without<op::bad_dims>,
                "etch: rotary_embedding: the dims to turn are odd, or more than a head has");
  static_assert(checked::template without<op::bad_position>,
                "etch: rotary_embedding: the position is not one int32 or int64");
  return checked::record(
      x, angles_tensor(in, front::add_operation<table>(angles_tensor::type, angles, in, {})), at);
}

template <>
struct op_for<ops::rotary_table::key> : std::type_identity<ops::rotary_table> {};
template <>
struct op_for<ops::rotary_embedding::key> : std::type_identity<ops::rotary_embedding> {};

}  // namespace etch
