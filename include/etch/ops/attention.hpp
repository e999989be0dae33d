#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <etch/core/math.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

/// Which keys a query takes part with: attention{.causal = true, .window = 256}.
struct attention {
  bool causal = false;  ///< those up to its own position
  int window = 0;       ///< so many on each side, its own included; 0: all
  double scale = 0;     ///< of the products of queries and keys; 0: 1 / sqrt(width)
};

namespace ops {

/// What attention computes for one query: a weighted sum over the keys [begin, end).
/// score(j) has the mask in it, value(j, i) is element i of value j.
template <class T, class Score, class Value>
void attend(std::int64_t begin, std::int64_t end, std::int64_t width, Score const& score,
            Value const& value, T* y) {
  constexpr double lowest = -std::numeric_limits<double>::infinity();
  double most = lowest, sum = 0;
  std::vector<double> weights;
  for (std::int64_t j = begin; j < end; ++j) {
    weights.push_back(score(j));
    most = math::max(most, weights.back());
  }
  if (most == lowest) most = 0;
  for (double& each : weights) sum += each = std::exp(each - most);
  for (std::int64_t i = 0; i < width; ++i) {
    double weighted = 0;
    for (std::int64_t j = begin; j < end; ++j)
      weighted += weights[static_cast<std::size_t>(j - begin)] * value(j, i);
    y[i] = static_cast<T>(sum == 0 ? 0 : weighted / sum);
  }
}

/// The keys [begin, end) of `keys` that the query at `position` takes part with.
struct key_range {
  std::int64_t begin, end;
};
constexpr key_range keys_of(etch::attention const& a, std::int64_t position, std::int64_t keys) {
  key_range r{0, keys};
  if (a.causal && position + 1 < keys) r.end = position + 1;
  if (a.window > 0 && position - a.window + 1 > 0) r.begin = position - a.window + 1;
  if (a.window > 0 && !a.causal && position + a.window < r.end) r.end = position + a.window;
  return r;
}

inline double scale_of(etch::attention const& a, std::int64_t width) {
  return a.scale != 0 ? a.scale : 1 / std::sqrt(static_cast<double>(width));
}

/// Operands: q, k, v and perhaps a mask.
struct attention {
  static constexpr ir::op_key key{"attention"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 3;
  static constexpr int arity_max = 4;
  using attrs = etch::attention;

  static constexpr char bad_dtype[] = "q, k and v are not all float or all double";
  static constexpr char bad_rank[] =
      "q, k and v are not all [rows, heads, width] or all [batch, rows, heads, width]";
  static constexpr char bad_batch[] = "q, k and v differ in their batch";
  static constexpr char bad_keys[] = "k and v differ in their rows or heads";
  static constexpr char bad_width[] = "q and k differ in their width";
  static constexpr char bad_heads[] = "the heads of q are no multiple of those of k";
  static constexpr char bad_window[] = "the window is negative";
  static constexpr char bad_causal[] = "causal: there are not as many keys as queries";
  static constexpr char bad_mask[] =
      "the mask is neither bool nor of the dtype of q, or does not fit [batch, heads, queries, "
      "keys]";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::shape const &q = in[0].shape, &k = in[1].shape, &v = in[2].shape;
    ir::tensor_type const first[] = {in[0], in[1], in[2]};
    if (!all_floating({first, 3})) return ir::inferred(bad_dtype);
    if ((q.rank != 3 && q.rank != 4) || k.rank != q.rank || v.rank != q.rank)
      return ir::inferred(bad_rank);
    int const r = q.rank;
    if (r == 4 && (q[0] != k[0] || q[0] != v[0])) return ir::inferred(bad_batch);
    if (k[r - 3] != v[r - 3] || k[r - 2] != v[r - 2]) return ir::inferred(bad_keys);
    if (q[r - 1] != k[r - 1]) return ir::inferred(bad_width);
    if (q[r - 2] % k[r - 2] != 0) return ir::inferred(bad_heads);
    if (a.window < 0) return ir::inferred(bad_window);
    if (a.causal && q[r - 3] != k[r - 3]) return ir::inferred(bad_causal);
    if (in.size() > 3 && !mask_fits(in[3], in[0], k[r - 3])) return ir::inferred(bad_mask);
    ir::tensor_type out = in[0];
    out.shape[r - 1] = v[r - 1];
    return out;
  }

  /// The step from an element of the mask to the next along axis 0: batch, 1: heads, 2: queries.
  static constexpr std::int64_t mask_stride(ir::shape const& mask, int axis) {
    int const own = axis - (4 - mask.rank);
    if (own < 0 || mask[own] == 1) return 0;
    return mask.product(own + 1, mask.rank);
  }

  /// Two products of a query and a key, and the exponential of their score.
  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out,
                                      attrs const& a) {
    ir::shape const &q = in[0].shape, &k = in[1].shape;
    int const r = q.rank;
    std::int64_t pairs = 0;
    for (std::int64_t t = 0; t < q[r - 3]; ++t) {
      key_range const own = keys_of(a, t, k[r - 3]);
      pairs += own.end - own.begin;
    }
    std::int64_t const heads = q[r - 2] * (r == 4 ? q[0] : 1);
    return heads * pairs * (2 * q[r - 1] + 2 * out.shape[r - 1] + 5);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::shape const &q = in[0].type.shape, &k = in[1].type.shape;
    int const r = q.rank;
    std::int64_t const rows = q[r - 3], heads = q[r - 2], width = q[r - 1];
    std::int64_t const keys = k[r - 3], kv_heads = k[r - 2];
    std::int64_t const value_width = out.type.shape[r - 1];
    double const scale = scale_of(a, width);
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      for (std::int64_t line = 0; line < out.type.elements() / value_width; ++line) {
        std::int64_t const head = line % heads, t = line / heads % rows,
                           batch = line / heads / rows;
        std::int64_t const kv_head = head / (heads / kv_heads);
        T const* const query = in[0].as<T const>() + line * width;
        auto const row = [&](std::int64_t j) { return (batch * keys + j) * kv_heads + kv_head; };
        auto const score = [&](std::int64_t j) {
          double sum = 0;
          for (std::int64_t i = 0; i < width; ++i)
            sum += static_cast<double>(query[i]) *
                   static_cast<double>(in[1].as<T const>()[row(j) * width + i]);
          sum *= scale;
          if (in.size() < 4) return sum;
          ir::shape const& m = in[3].type.shape;
          std::int64_t const at =
              batch * mask_stride(m, 0) + head * mask_stride(m, 1) + t * mask_stride(m, 2) + j;
          if (in[3].type.dtype == dtype::bool_)
            return in[3].as<bool const>()[at] ? sum : -std::numeric_limits<double>::infinity();
          return sum + static_cast<double>(in[3].as<T const>()[at]);
        };
        auto const value = [&](std::int64_t j, std::int64_t i) {
          return static_cast<double>(in[2].as<T const>()[row(j) * value_width + i]);
        };
        key_range const own = keys_of(a, t, keys);
        attend(own.begin, own.end, value_width, score, value, out.as<T>() + line * value_width);
      }
    });
  }

 private:
  static constexpr bool mask_fits(ir::tensor_type const& mask, ir::tensor_type const& q,
                                  std::int64_t keys) {
    if (mask.dtype != dtype::bool_ && mask.dtype != q.dtype) return false;
    int const r = q.rank();
    if (mask.rank() < 1 || mask.rank() > r || mask.shape[mask.rank() - 1] != keys) return false;
    std::int64_t const whole[] = {r == 4 ? q.shape[0] : 1, q.shape[r - 2], q.shape[r - 3], keys};
    for (int i = 0; i < mask.rank(); ++i) {
      std::int64_t const own = mask.shape[i];
      if (own != 1 && own != whole[4 - mask.rank() + i]) return false;
    }
    return true;
  }
};

template <etch::attention Config, class... X>
constexpr auto record_attention(X const&... x) {
  using op = attention;
  using checked = call_on<op, Config, X...>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: scaled_dot_product_attention: q, k and v are not all float or all double");
  static_assert(checked::template without<op::bad_rank>,
                "etch: scaled_dot_product_attention: q, k and v are not all [rows, heads, width] "
                "or all [batch, rows, heads, width]");
  static_assert(checked::template without<op::bad_batch>,
                "etch: scaled_dot_product_attention: q, k and v differ in their batch");
  static_assert(checked::template without<op::bad_keys>,
                "etch: scaled_dot_product_attention: k and v differ in their rows or heads");
  static_assert(checked::template without<op::bad_width>,
                "etch: scaled_dot_product_attention: q and k differ in their width");
  static_assert(checked::template without<op::bad_heads>,
                "etch: scaled_dot_product_attention: the heads of q are no multiple of those of k");
  static_assert(checked::template without<op::bad_window>,
                "etch: scaled_dot_product_attention: the window is negative");
  static_assert(checked::template without<op::bad_causal>,
                "etch: scaled_dot_product_attention: causal: there are not as many keys as "
                "queries");
  static_assert(checked::template without<op::bad_mask>,
                "etch: scaled_dot_product_attention: the mask is neither bool nor of the dtype of "
                "q, or does not fit [batch, heads, queries, keys]");
  return checked::record(x...);
}

}  // namespace ops

/// scaled_dot_product_attention<attention{...}>(q, k, v): softmax(scale q k^T) v for each head;
/// query t takes part with the keys that the configuration allows. Several heads of q, neighbours,
/// share one of k and v where these have fewer (grouped queries).
/// shape     q[T, H, width], k[S, K, width], v[S, K, value_width] -> [T, H, value_width], K divides
///           H; or all with a leading batch. [T, H * width] is a reshape away, which costs nothing
/// dtype     float, double; the same for all
/// numerics  those of softmax; a query without keys gives 0; the reference computes in double and
///           rounds once
/// errors    shapes that do not fit; causal with another number of keys than of queries
/// source    Vaswani et al. 2017; Ainslie et al. 2023; jax.nn.dot_product_attention, which has the
///           same order of axes; ONNX Attention-23
template <attention Config = attention{}, front::tensor_operand Q, front::tensor_operand K,
          front::tensor_operand V>
constexpr auto scaled_dot_product_attention(Q const& q, K const& k, V const& v) {
  return ops::record_attention<Config>(q, k, v);
}

/// The same with a mask: bool, true where a query takes part with a key, or of the dtype of q, to
/// be added to the scores.
/// shape     mask[..., S], whose leading extents broadcast to [batch, H, T]
template <attention Config = attention{}, front::tensor_operand Q, front::tensor_operand K,
          front::tensor_operand V, front::tensor_operand M>
constexpr auto scaled_dot_product_attention(Q const& q, K const& k, V const& v, M const& mask) {
  return ops::record_attention<Config>(q, k, v, mask);
}

template <>
struct op_for<ops::attention::key> : std::type_identity<ops::attention> {};

}  // namespace etch
