#pragma once

#include <cmath>

#include <etch/eager/eigen_maps.hpp>
#include <etch/ops/batch_norm.hpp>
#include <etch/ops/layer_norm.hpp>
#include <etch/ops/log_softmax.hpp>
#include <etch/ops/reduction.hpp>
#include <etch/ops/softmax.hpp>

namespace etch::eager {

// Operators that work on whole lines of numbers. Where lines are not contiguous there is no Eigen
// form here (the functions return false) and the reference speaks.

/// softmax and log_softmax along the last axis.
template <class T, bool Log>
bool run_softmax(ir::operand_refs in, ir::tensor_ref out, ops::softmax_rule::attrs const& a) {
  if (a.axis != out.type.rank() - 1) return false;
  std::int64_t const n = out.type.shape[a.axis];
  for (std::int64_t row = 0; row < out.type.elements() / n; ++row) {
    auto const x = as_row(in[0].as<T const>() + row * n, n);
    auto y = as_row(out.as<T>() + row * n, n);
    T const most = x.maxCoeff();
    if constexpr (Log) {
      y = x - most;
      y -= std::log(y.exp().sum());
    } else {
      y = (x - most).exp();
      y /= y.sum();
    }
  }
  return true;
}

template <class T>
bool run_layer_norm(ir::operand_refs in, ir::tensor_ref out, ops::layer_norm::attrs const& a) {
  std::int64_t const n = in[1].type.elements();
  auto const gamma = as_row(in[1].as<T const>(), n);
  auto const beta = as_row(in[2].as<T const>(), n);
  for (std::int64_t row = 0; row < out.type.elements() / n; ++row) {
    auto const x = as_row(in[0].as<T const>() + row * n, n);
    auto y = as_row(out.as<T>() + row * n, n);
    y = x - x.mean();
    T const deviation = std::sqrt(y.square().mean() + static_cast<T>(a.epsilon));
    y = y / deviation * gamma + beta;
  }
  return true;
}

/// batch_norm with the channels last or first.
template <class T>
bool run_batch_norm(ir::operand_refs in, ir::tensor_ref out, ops::batch_norm::attrs const& a) {
  ir::shape const& s = out.type.shape;
  std::int64_t const channels = s[a.axis], inner = s.product(a.axis + 1, s.rank);
  auto const weight = [&](std::size_t k) { return as_row(in[k].as<T const>(), channels); };
  Eigen::Array<T, 1, Eigen::Dynamic> const scale =
      weight(1) / (weight(4) + static_cast<T>(a.epsilon)).sqrt();
  for (std::int64_t o = 0; o < s.product(0, a.axis); ++o) {
    if (inner == 1) {
      as_row(out.as<T>() + o * channels, channels) =
          (as_row(in[0].as<T const>() + o * channels, channels) - weight(3)) * scale + weight(2);
      continue;
    }
    for (std::int64_t c = 0; c < channels; ++c) {
      std::int64_t const at = (o * channels + c) * inner;
      as_row(out.as<T>() + at, inner) =
          (as_row(in[0].as<T const>() + at, inner) - weight(3)[c]) * scale[c] + weight(2)[c];
    }
  }
  return true;
}

/// Sums and means over neighbouring axes, x as [outer][n][inner].
template <class T, bool Mean>
bool run_reduction(ir::operand_refs in, ir::tensor_ref out, ops::reduction::attrs const& a) {
  ir::shape const& s = in[0].type.shape;
  if (a.axes.size() == 0) return false;
  int const first = static_cast<int>(a.axes[0]), last = static_cast<int>(a.axes[a.axes.size() - 1]);
  if (last - first + 1 != static_cast<int>(a.axes.size())) return false;
  std::int64_t const n = s.product(first, last + 1), inner = s.product(last + 1, s.rank);
  for (std::int64_t o = 0; o < s.product(0, first); ++o) {
    auto const x = as_matrix(in[0].as<T const>() + o * n * inner, n, inner);
    auto y = as_matrix(out.as<T>() + o * inner, 1, inner).row(0);
    if (inner == 1)
      y[0] = as_row(x.data(), n).sum();
    else
      y = x.colwise().sum();
    if constexpr (Mean) y /= static_cast<T>(n);
  }
  return true;
}

}  // namespace etch::eager
