#pragma once

#include <etch/core/fields.hpp>
#include <etch/eager/convolution.hpp>
#include <etch/eager/elementwise.hpp>
#include <etch/eager/lines.hpp>
#include <etch/eager/products.hpp>
#include <etch/ir/graph.hpp>
#include <etch/ir/info_of.hpp>
#include <etch/ops/add.hpp>
#include <etch/ops/div.hpp>
#include <etch/ops/exp.hpp>
#include <etch/ops/log.hpp>
#include <etch/ops/mul.hpp>
#include <etch/ops/neg.hpp>
#include <etch/ops/reduce_mean.hpp>
#include <etch/ops/reduce_sum.hpp>
#include <etch/ops/relu.hpp>
#include <etch/ops/sigmoid.hpp>
#include <etch/ops/silu.hpp>
#include <etch/ops/sin.hpp>
#include <etch/ops/sqrt.hpp>
#include <etch/ops/sub.hpp>
#include <etch/ops/tanh.hpp>

namespace etch::eager {

namespace detail {

/// One operator applied to operands of dtype T; each `take` looks whether it is the one.
template <class T>
class dispatch {
 public:
  dispatch(ir::op_info const& op, ir::operand_refs in, ir::tensor_ref out,
           std::int64_t const* words)
      : op_(op), in_(in), out_(out), words_(words) {}

  bool run() { return products() || lines() || unary() || binary(); }

 private:
  template <class Op>
  bool is() const {
    return &op_ == &ir::info_of<Op>;
  }
  template <class Op>
  ir::attrs_of<Op> attrs() const {
    return core::from_words<ir::attrs_of<Op>>(words_);
  }

  bool products() const {
    if (is<ops::linear>()) return run_linear<T>(in_, out_, attrs<ops::linear>()), true;
    if (is<ops::matmul>()) return run_matmul<T>(in_, out_), true;
    if (is<ops::conv2d>()) return run_conv2d<T>(in_, out_, attrs<ops::conv2d>()), true;
    return false;
  }

  bool lines() const {
    if (is<ops::softmax>()) return run_softmax<T, false>(in_, out_, attrs<ops::softmax>());
    if (is<ops::log_softmax>()) return run_softmax<T, true>(in_, out_, attrs<ops::log_softmax>());
    if (is<ops::layer_norm>()) return run_layer_norm<T>(in_, out_, attrs<ops::layer_norm>());
    if (is<ops::batch_norm>()) return run_batch_norm<T>(in_, out_, attrs<ops::batch_norm>());
    return reduction<ops::reduce_sum, false>() || reduction<ops::reduce_mean, true>();
  }
  template <class Op, bool Mean>
  bool reduction() const {
    return is<Op>() && run_reduction<T, Mean>(in_, out_, attrs<Op>());
  }

  template <class Op, class F>
  bool unary(F const& f) const {
    return is<Op>() && run_unary<T>(in_, out_, f);
  }
  bool unary() const {
    return unary<ops::relu>([](auto const& x, auto& y) { y = (x < T(0)).select(T(0), x); }) ||
           unary<ops::neg>([](auto const& x, auto& y) { y = -x; }) ||
           unary<ops::exp>([](auto const& x, auto& y) { y = x.exp(); }) ||
           unary<ops::log>([](auto const& x, auto& y) { y = x.log(); }) ||
           unary<ops::sqrt>([](auto const& x, auto& y) { y = x.sqrt(); }) ||
           unary<ops::sin>([](auto const& x, auto& y) { y = x.sin(); }) ||
           unary<ops::tanh>([](auto const& x, auto& y) { y = x.tanh(); }) ||
           unary<ops::sigmoid>([](auto const& x, auto& y) { y = T(1) / (T(1) + (-x).exp()); }) ||
           unary<ops::silu>([](auto const& x, auto& y) { y = x / (T(1) + (-x).exp()); });
  }

  template <class Op, class F>
  bool binary(F const& f) const {
    return is<Op>() && run_binary<T>(in_, out_, f);
  }
  bool binary() const {
    return binary<ops::add>([](auto const& x, auto const& y) { return x + y; }) ||
           binary<ops::sub>([](auto const& x, auto const& y) { return x - y; }) ||
           binary<ops::mul>([](auto const& x, auto const& y) { return x * y; }) ||
           binary<ops::div>([](auto const& x, auto const& y) { return x / y; });
  }

  ir::op_info const& op_;
  ir::operand_refs in_;
  ir::tensor_ref out_;
  std::int64_t const* words_;
};

}  // namespace detail

/// Computes one operator with Eigen; false where Eigen has no form of it for these operands.
/// numerics  sums in the dtype of the operands, in Eigen's order
inline bool compute_with_eigen(ir::op_info const& op, ir::operand_refs in, ir::tensor_ref out,
                               std::int64_t const* words) {
  for (ir::tensor_ref const& each : in) {
    if (each.type.dtype != out.type.dtype) return false;
  }
  if (out.type.dtype == ir::dtype::f32) return detail::dispatch<float>(op, in, out, words).run();
  if (out.type.dtype == ir::dtype::f64) return detail::dispatch<double>(op, in, out, words).run();
  return false;
}

}  // namespace etch::eager
