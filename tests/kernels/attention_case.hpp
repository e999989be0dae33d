#pragma once

#include <etch/kernels/attention.hpp>
#include <etch/kernels/cache_write.hpp>

#include "kernels/kernel_test.hpp"

/// Attention on random operands and its definition in double.
namespace attention_case {

using namespace kernel_test;
using etch::kernels::attention_mask;
using etch::kernels::attention_shape;

template <class T, attention_shape S>
struct operands {
  block<T> q, k, v;
  block<T> added;
  std::vector<char> allowed;
  std::vector<char const*> unused;

  explicit operands(std::uint64_t seed)
      : q(random_block<T>(S.batch * S.rows * S.heads * S.width, seed)),
        k(random_block<T>(S.batch * S.keys * S.kv_heads * S.width, seed + 1)),
        v(random_block<T>(S.batch * S.keys * S.kv_heads * S.value_width, seed + 2)),
        added(random_block<T>(mask_size(), seed + 3)) {
    for (T& x : q) x *= 4;  // scores that differ
    for (T const& x : added) allowed.push_back(x > T(-0.5));
  }

  static constexpr long mask_size() {
    long n = S.keys;
    if (S.mask_row != 0) n *= S.rows;
    if (S.mask_head != 0) n *= S.heads;
    if (S.mask_batch != 0) n *= S.batch;
    return n;
  }
  void const* mask() const {
    if (S.mask == attention_mask::none) return nullptr;
    if (S.mask == attention_mask::boolean) return allowed.data();
    return added.data();
  }

  /// What the mask adds to a score.
  double masked(long batch, long head, long row, long key) const {
    long const at = batch * S.mask_batch + head * S.mask_head + row * S.mask_row + key;
    if (S.mask == attention_mask::boolean)
      return allowed[static_cast<std::size_t>(at)] ? 0 : -std::numeric_limits<double>::infinity();
    return S.mask == attention_mask::none ? 0 : static_cast<double>(added[at]);
  }

  T const& key(long batch, long j, long head, long i) const {
    return k[((batch * S.keys + j) * S.kv_heads + head) * S.width + i];
  }
  T const& value(long batch, long j, long head, long i) const {
    return v[((batch * S.keys + j) * S.kv_heads + head) * S.value_width + i];
  }
};

inline bool takes_part(attention_shape const& s, long position, long key) {
  if (s.causal && key > position) return false;
  long const distance = key > position ? key - position : position - key;
  return s.window == 0 || distance < s.window;
}

/// The result of row `row`, whose position is `position`, for keys before `limit`.
template <class T, attention_shape S>
std::vector<double> expected_row(operands<T, S> const& of, long batch, long row, long position,
                                 long limit, long head) {
  long const kv_head = head / (S.heads / S.kv_heads);
  double const scale = S.scale != 0 ? S.scale : 1 / std::sqrt(static_cast<double>(S.width));
  std::vector<double> weights;
  double most = -std::numeric_limits<double>::infinity(), sum = 0;
  for (long j = 0; j < limit; ++j) {
    double dot = 0;
    for (long i = 0; i < S.width; ++i)
      dot += static_cast<double>(of.q[((batch * S.rows + row) * S.heads + head) * S.width + i]) *
             static_cast<double>(of.key(batch, j, kv_head, i));
    weights.push_back(takes_part(S, position, j) ? dot * scale + of.masked(batch, head, row, j)
                                                 : -std::numeric_limits<double>::infinity());
    most = std::max(most, weights.back());
  }
  std::vector<double> y(static_cast<std::size_t>(S.value_width), 0.0);
  if (most == -std::numeric_limits<double>::infinity()) return y;
  for (double& w : weights) sum += w = std::exp(w - most);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    if (weights[j] == 0) continue;
    for (long i = 0; i < S.value_width; ++i)
      y[static_cast<std::size_t>(i)] +=
          weights[j] / sum * static_cast<double>(of.value(batch, static_cast<long>(j), kv_head, i));
  }
  return y;
}

/// Weights are at most 1 and values too: the error is that of the exponentials and of the sums.
template <class T>
double tolerance(attention_shape const& s) {
  return static_cast<double>(std::numeric_limits<T>::epsilon()) *
         static_cast<double>(16 + 8 * s.width + s.keys);
}

template <class T, attention_shape S>
block<T> run(operands<T, S> const& of) {
  block<T> y(S.batch * S.rows * S.heads * S.value_width);
  block<T> scratch(etch::kernels::attention_scratch<T>(S), 0);
  std::fill(scratch.begin(), scratch.end(), std::numeric_limits<T>::quiet_NaN());
  etch::kernels::attention<T, S>(of.q.data(), of.k.data(), of.v.data(), of.mask(), 0,
                                 scratch.data(), y.data());
  return y;
}

template <class T, attention_shape S>
bool agrees_with_definition(std::uint64_t seed = 7) {
  operands<T, S> const of(seed);
  block<T> const y = run<T, S>(of);
  for (long batch = 0; batch < S.batch; ++batch)
    for (long row = 0; row < S.rows; ++row)
      for (long head = 0; head < S.heads; ++head) {
        auto const expected = expected_row(of, batch, row, row, S.keys, head);
        for (long i = 0; i < S.value_width; ++i) {
          T const found = y[((batch * S.rows + row) * S.heads + head) * S.value_width + i];
          if (!(std::fabs(static_cast<double>(found) - expected[static_cast<std::size_t>(i)]) <=
                tolerance<T>(S)))
            return false;
        }
      }
  return true;
}

}  // namespace attention_case
