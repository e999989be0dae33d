#pragma once

#include <cstdint>
#include <limits>

#include <etch/front/state.hpp>
#include <etch/ops/attention.hpp>
#include <etch/ops/position.hpp>

namespace etch {

namespace ops {

// A cache keeps the keys of each head as panels, [heads][panels][width][lanes] with key j in lane
// j % lanes of panel j / lanes, so that a query meets as many keys at once as a pack has lanes; and
// the values as [heads][capacity][width].

constexpr std::int64_t cache_lanes(dtype of) {
  return 64 / static_cast<std::int64_t>(size_of(of));  // those of a virtual vector
}
constexpr ir::shape key_cache_shape(dtype of, std::int64_t capacity, std::int64_t heads,
                                    std::int64_t width) {
  std::int64_t const lanes = cache_lanes(of);
  return ir::shape(heads, (capacity + lanes - 1) / lanes, width, lanes);
}

/// What the writes into caches share: operands cache, x[rows, heads, width], position of row 0.
struct cache_write_rule {
  static constexpr ir::traits is{.floating = true, .in_place = true};
  static constexpr int arity_min = 3;

  static constexpr char malformed_rows[] =
      "x is not [rows, heads, width] of the dtype of the cache";
  static constexpr char malformed_cache[] = "the cache is not one of these heads and widths";
  static constexpr char malformed_position[] = "the position is not one int32 or int64";

  static constexpr ir::inferred check(ir::operand_types in, bool cache_fits) {
    if (in[1].rank() != 3 || in[1].dtype != in[0].dtype || !all_floating({&in[0], 1}))
      return ir::inferred(malformed_rows);
    if (!cache_fits) return ir::inferred(malformed_cache);
    if (!is_position(in[2])) return ir::inferred(malformed_position);
    return in[0];
  }

  /// Copies the cache, then element(row, head, i) = x for the rows that it has.
  template <class Element>
  static void write(ir::operand_refs in, ir::tensor_ref out, std::int64_t capacity,
                    Element const& element) {
    ir::shape const& x = in[1].type.shape;
    std::int64_t const first = position_in(in[2]);
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t i = 0; i < out.type.elements(); ++i)
        out.as<T>()[i] = in[0].as<T const>()[i];
      for (std::int64_t i = 0; i < in[1].type.elements(); ++i) {
        std::int64_t const row = row_at(first, i / (x[1] * x[2]), capacity);
        if (row >= 0) out.as<T>()[element(row, i / x[2] % x[1], i % x[2])] = in[1].as<T const>()[i];
      }
    });
  }
};

struct cache_keys : cache_write_rule {
  static constexpr ir::op_key key{"cache_keys"};
  struct attrs {
    std::int64_t capacity = 1;
  };

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::shape const& x = in[1].shape;
    bool const fits =
        x.rank == 3 && in[0].shape == key_cache_shape(in[0].dtype, a.capacity, x[1], x[2]);
    return check(in, fits);
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const& c = out.type.shape;
    write(in, out, a.capacity, [&](std::int64_t row, std::int64_t head, std::int64_t i) {
      return ((head * c[1] + row / c[3]) * c[2] + i) * c[3] + row % c[3];
    });
  }
};

struct cache_values : cache_write_rule {
  static constexpr ir::op_key key{"cache_values"};

  static constexpr ir::inferred infer(ir::operand_types in) {
    ir::shape const &c = in[0].shape, &x = in[1].shape;
    return check(in, x.rank == 3 && c.rank == 3 && c[0] == x[1] && c[2] == x[2]);
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    ir::shape const& c = out.type.shape;
    write(in, out, c[1], [&](std::int64_t row, std::int64_t head, std::int64_t i) {
      return (head * c[1] + row) * c[2] + i;
    });
  }
};

/// Operands: q, the cache of keys, that of values, the position of row 0 of q.
struct cached_attention {
  static constexpr ir::op_key key{"cached_attention"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 4;
  using attrs = etch::attention;

  static constexpr char bad_rows[] = "q is not [rows, heads, width] of the dtype of k and v";
  static constexpr char bad_cache[] = "q and k differ in their width";
  static constexpr char bad_heads[] = "the heads of q are no multiple of those of k";
  static constexpr char malformed_window[] = "the window is negative";
  static constexpr char malformed_position[] = "the position is not one int32 or int64";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::shape const &q = in[0].shape, &k = in[1].shape, &v = in[2].shape;
    ir::tensor_type const first[] = {in[0], in[1], in[2]};
    if (q.rank != 3 || !all_floating({first, 3})) return ir::inferred(bad_rows);
    if (k.rank != 4 || v.rank != 3 || k[0] != v[0] ||
        k != key_cache_shape(in[0].dtype, v[1], v[0], q[2]))
      return ir::inferred(bad_cache);
    if (q[1] % v[0] != 0) return ir::inferred(bad_heads);
    if (a.window < 0) return ir::inferred(malformed_window);
    if (!is_position(in[3])) return ir::inferred(malformed_position);
    ir::tensor_type out = in[0];
    out.shape[2] = v[2];
    return out;
  }

  /// Of a full cache.
  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out,
                                      attrs const& a) {
    std::int64_t const capacity = in[2].shape[1];
    std::int64_t const keys = a.window > 0 && a.window < capacity ? a.window : capacity;
    return out.shape[0] * out.shape[1] * keys * (2 * in[0].shape[2] + 2 * out.shape[2] + 5);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const &q = in[0].type.shape, &k = in[1].type.shape, &v = in[2].type.shape;
    std::int64_t const heads = q[1], width = q[2], capacity = v[1], value_width = v[2];
    std::int64_t const first = position_in(in[3]);
    double const scale = scale_of(a, width);
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t line = 0; line < q[0] * heads; ++line) {
        T* const y = out.as<T>() + line * value_width;
        std::int64_t const position = row_at(first, line / heads, capacity);
        if (position < 0) {
          for (std::int64_t i = 0; i < value_width; ++i) y[i] = std::numeric_limits<T>::quiet_NaN();
          continue;
        }
        std::int64_t const kv_head = line % heads / (heads / v[0]);
        T const* const query = in[0].as<T const>() + line * width;
        auto const score = [&](std::int64_t j) {
          double sum = 0;
          for (std::int64_t i = 0; i < width; ++i) {
            std::int64_t const at = ((kv_head * k[1] + j / k[3]) * width + i) * k[3] + j % k[3];
            sum += static_cast<double>(query[i]) * static_cast<double>(in[1].as<T const>()[at]);
          }
          return sum * scale;
        };
        auto const value = [&](std::int64_t j, std::int64_t i) {
          return static_cast<double>(
              in[2].as<T const>()[(kv_head * capacity + j) * value_width + i]);
        };
        key_range const own = keys_of({true, a.window, a.scale}, position, capacity);
        attend(own.begin, own.end, value_width, score, value, y);
      }
    });
  }
};

/// The named checks of a block that goes through a cache.
template <std::int64_t Capacity, class K>
struct fits_cache {
  static constexpr std::int64_t rows = K::type.rank() == 3 ? K::type.shape[0] : 1;
  static constexpr bool ok = rows <= Capacity;
};
template <class K, class V>
struct same_rows_and_heads {
  static constexpr bool ok =
      K::type.rank() == 3 && V::type.rank() == 3 && K::type.dtype == V::type.dtype &&
      K::type.shape[0] == V::type.shape[0] && K::type.shape[1] == V::type.shape[1];
};

}  // namespace ops

/// cached_attention<Capacity, attention{...}>(name, q, k, v, position): causal attention of a block
/// of queries, rows position, position + 1, ... of a sequence, to all keys up to there: those of
/// the block, which it adds to the states name.keys and name.values, and those of earlier calls.
/// The position is one int32 or int64 of the model, most often a state that the model moves on:
///   state<std::int32_t, 1> position("position", tokens);
///   ...
///   position = position + T;
/// A sequence may come in blocks of any sizes, whose models share their states (`save`, `restore`):
/// the bits are the same. Each call works on the rows that are there, not on all of the capacity.
/// shape     q[T, H, width], k[T, K, width], v[T, K, value_width] -> [T, H, value_width], K divides
///           H
/// states    name.keys [K, panels, width, lanes], key j in lane j % lanes of panel j / lanes, and
///           name.values [K, Capacity, value_width]
/// dtype     float, double; the same for all
/// numerics  those of scaled_dot_product_attention. Where the position is a state or an input, the
///           call of a session returns an error if a row would lie beyond the capacity. Where the
///           model computes it, such a row is kept nowhere and its result is NaN: nothing outside
///           is touched, and `check_capacity` says so before
/// errors    shapes that do not fit, a block longer than the capacity, a position of another dtype
///           or of several elements
/// source    Pope et al. 2022; ONNX Attention-24 with TensorScatter-24
template <int Capacity, attention Config = attention{}, symbolic Q, symbolic K, symbolic V,
          symbolic P>
constexpr auto cached_attention(path const& name, Q const& q, K const& k, V const& v,
                                P const& position) {
  using key = front::tensor_of<K>;
  using value = front::tensor_of<V>;
  static_assert(Config.window >= 0, "etch: cached_attention: the window is negative");
  static_assert(ops::same_rows_and_heads<key, value>::ok,
                "etch: cached_attention: k and v are not [rows, heads, width] of the same dtype, "
                "rows and heads");
  static_assert(ops::fits_cache<Capacity, key>::ok,
                "etch: cached_attention: the block is longer than the capacity of the cache");
  static_assert(ops::is_position(front::tensor_of<P>::type),
                "etch: cached_attention: the position is not one int32 or int64");
  constexpr ir::shape keys =
      ops::key_cache_shape(key::type.dtype, Capacity, key::type.shape[1], key::type.shape[2]);
  using T = typename key::value_type;
  state<T, static_cast<int>(keys[0]), static_cast<int>(keys[1]), static_cast<int>(keys[2]),
        static_cast<int>(keys[3])>
      all_keys(name / "keys", q);
  state<T, static_cast<int>(keys[0]), Capacity, static_cast<int>(value::type.shape[2])> all_values(
      name / "values", q);
  all_keys = record_as<ops::cache_keys, ops::cache_keys::attrs{Capacity}>(all_keys, k, position);
  all_values = record_as<ops::cache_values>(all_values, v, position);

  using op = ops::cached_attention;
  using checked = ops::call_on<op, Config, Q, decltype(all_keys), decltype(all_values), P>;
  static_assert(checked::template without<op::bad_rows>,
                "etch: cached_attention: q is not [rows, heads, width] of the dtype of k and v");
  static_assert(checked::template without<op::bad_cache>,
                "etch: cached_attention: q and k differ in their width");
  static_assert(checked::template without<op::bad_heads>,
                "etch: cached_attention: the heads of q are no multiple of those of k");
  static_assert(Q::type.shape[0] == key::type.shape[0],
                "etch: cached_attention: q has not as many rows as k");
  return checked::record(q, all_keys, all_values, position);
}

template <>
struct op_for<ops::cache_keys::key> : std::type_identity<ops::cache_keys> {};
template <>
struct op_for<ops::cache_values::key> : std::type_identity<ops::cache_values> {};
template <>
struct op_for<ops::cached_attention::key> : std::type_identity<ops::cached_attention> {};

}  // namespace etch
