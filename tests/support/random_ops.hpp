#pragma once

#include <bit>
#include <cstdint>
#include <utility>

#include <etch/ir/rewriter.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>

#include "random_source.hpp"

namespace etch_test {

/// Grows a graph by random operators on random values of it.
class random_ops : public random_source {
 public:
  using random_source::random_source;

  /// One to three inputs: all of them images in a third of the graphs.
  constexpr void start() {
    images_ = chance(3);
    int const count = 1 + below(3);
    for (int i = 0; i < count; ++i) {
      int const rank = images_ ? 4 : 1 + below(4);
      ir::shape s;
      for (int axis = 0; axis < rank; ++axis) s.push_back(images_ && axis == 0 ? 1 : extent());
      values_.push_back(ir::add_input(graph, {dtype(), s}));
    }
  }

  /// One more operator (a few tries may find none that fits).
  constexpr void add_one(bool jumps) {
    for (int attempt = 0; attempt < 8; ++attempt) {
      ir::node_id const added = try_one(jumps);
      if (added < 0) continue;
      values_.push_back(added);
      return;
    }
  }

  /// The outputs: the last value, values that nothing reads (two of them stay dead code), and
  /// sometimes one that is read.
  constexpr void finish() {
    auto const reads = ir::count_reads(graph);
    int spared = 2;
    for (std::size_t i = values_.size(); i-- > 0;) {
      if (reads[static_cast<std::size_t>(values_[i])] > 0) continue;
      if (graph.outputs.empty() || --spared < 0) graph.outputs.push_back(values_[i]);
      if (graph.outputs.size() == 4) break;
    }
    if (chance(4)) graph.outputs.push_back(any());
  }

 private:
  constexpr ir::node_id try_one(bool jumps) {
    if (images_ && chance(3)) return chance(3) ? pool2d() : conv2d();
    switch (below(jumps ? 24 : 22)) {
      case 0:
      case 1:
      case 2:
        return unary();
      case 3:
      case 4:
        return with_another();
      case 5:
      case 6:
        return with_weight();
      case 7:
        return with_number();
      case 8:
      case 9:
        return linear();
      case 10:
      case 11:
        return conv2d();
      case 12:
        return pool2d();
      case 13:
        return norm();
      case 14:
        return softmax();
      case 15:
        return reduction();
      case 16:
        return transpose();
      case 17:
        return reshape();
      case 18:
        return concat();
      case 19:
        return slice();
      case 20:
        return chance(2) ? pad() : gather();
      case 21:
        return chance(4) ? emit<ops::identity>({any()}) : matmul();
      default:
        return jump();
    }
  }

  constexpr ir::node_id unary() {
    ir::node_id const x = any();
    switch (below(16)) {
      case 0:
      case 1:
      case 2:
        return emit<ops::relu>({x});
      case 3:
        return emit<ops::tanh>({x});
      case 4:
        return emit<ops::sigmoid>({x});
      case 5:
        return emit<ops::neg>({x});
      case 6:
        return emit<ops::abs>({x});
      case 7:
        return emit<ops::silu>({x});
      case 8:
        return emit<ops::gelu>({x}, {.tanh_approximation = chance(2)});
      case 9:
        return emit<ops::elu>({x}, {.alpha = 0.5});
      case 10:
        return emit<ops::leaky_relu>({x}, {.slope = 0.125});
      case 11:
        return emit<ops::clamp>({x}, {.low = -1.0, .high = 2.0});
      case 12:
        return emit<ops::exp>({emit<ops::min>({x, number(1.0)})});
      case 13:
        return emit<ops::sqrt>({emit<ops::add>({emit<ops::abs>({x}), number(0.25)})});
      case 14:
        return emit<ops::erf>({x});
      default:
        return emit<ops::log>({emit<ops::add>({emit<ops::abs>({x}), number(1.0)})});
    }
  }

  // Each die is thrown in a statement of its own: compilers differ in the order of arguments.

  constexpr ir::node_id with_another() {
    ir::node_id const a = any();
    return binary(a, any());
  }

  constexpr ir::node_id binary(ir::node_id a, ir::node_id b) {
    switch (below(7)) {
      case 0:
      case 1:
        return emit<ops::add>({a, b});
      case 2:
        return emit<ops::sub>({a, b});
      case 3:
        return emit<ops::mul>({a, b});
      case 4:
        return emit<ops::max>({a, b});
      case 5:
        return emit<ops::min>({a, b});
      default: {
        if (!ir::broadcast(type(a).shape, type(b).shape).ok) return -1;
        return emit<ops::div>({a, emit<ops::add>({emit<ops::abs>({b}), number(0.5)})});
      }
    }
  }

  /// An operand that broadcasts to x: trailing axes, some of them 1.
  constexpr ir::node_id with_weight() {
    ir::node_id const x = any();
    ir::shape const of = type(x).shape;
    ir::shape s;
    int const first = of.rank == 0 ? 0 : below(of.rank + 1);
    bool const ones = chance(2);
    for (int i = first; i < of.rank; ++i) s.push_back(ones && chance(2) ? 1 : of[i]);
    ir::node_id const w = weight(s);
    return chance(4) ? binary(w, x) : binary(x, w);
  }

  constexpr ir::node_id with_number() {
    constexpr double numbers[] = {0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 0.1};
    ir::node_id const n = number(numbers[below(7)]);
    bool const left = chance(3);
    ir::node_id const x = any();
    return left ? binary(n, x) : binary(x, n);
  }

  constexpr ir::node_id linear() {
    ir::node_id const x = any();
    if (type(x).rank() < 1) return -1;
    std::int64_t const k = ops::last_extent(type(x).shape), n = extent();
    bool const in_out = chance(3);
    ir::node_id const w = weight(in_out ? ir::shape(k, n) : ir::shape(n, k));
    if (chance(3)) return emit<ops::linear>({x, w}, {.in_out = in_out});
    return emit<ops::linear>({x, w, weight(ir::shape(n))}, {.in_out = in_out});
  }

  constexpr ir::node_id matmul() {
    ir::node_id const a = any();
    if (type(a).rank() < 2) return -1;
    std::int64_t const k = ops::last_extent(type(a).shape);
    if (chance(2)) return emit<ops::matmul>({a, weight(ir::shape(k, extent()))});
    if (chance(2)) return emit<ops::matmul>({a, any()});
    ints<6> perm;
    for (int i = 0; i < type(a).rank(); ++i) perm.push_back(i);
    auto const last = perm.size() - 1;
    perm[last] = static_cast<std::int64_t>(last) - 1;
    perm[last - 1] = static_cast<std::int64_t>(last);
    return emit<ops::matmul>({a, emit<ops::transpose>({a}, {.perm = perm})});
  }

  constexpr ir::node_id conv2d() {
    ir::node_id const x = any();
    if (type(x).rank() != 4) return -1;
    ops::conv2d::attrs a;
    a.stride_h = 1 + below(2);
    a.stride_w = 1 + below(2);
    a.dilation_h = chance(4) ? 2 : 1;
    a.pad_top = below(2);
    a.pad_left = below(3);
    a.pad_bottom = below(2);
    a.pad_right = below(2);
    a.channels_last = chance(2);
    auto const channels = type(x).shape[a.channels_last ? 3 : 1];
    std::int64_t outputs = extent();
    if (chance(3)) {
      a.groups = static_cast<int>(channels);
      outputs = channels * (1 + below(2));
    } else if (channels % 2 == 0 && chance(3)) {
      a.groups = 2;
      outputs *= 2;
    }
    int const kernel_h = 1 + below(3);
    int const kernel_w = 1 + below(3);
    ir::node_id const w =
        weight(ir::shape(outputs, channels / a.groups, std::int64_t{kernel_h}, kernel_w));
    if (chance(3)) return emit<ops::conv2d>({x, w}, a);
    return emit<ops::conv2d>({x, w, weight(ir::shape(outputs))}, a);
  }

  constexpr ir::node_id pool2d() {
    ir::node_id const x = any();
    int const kernel = 1 + below(3);
    ops::avg_pool2d::attrs a{.kernel_h = kernel, .kernel_w = 1 + below(3)};
    a.stride_h = 1 + below(2);
    a.stride_w = 1 + below(2);
    a.pad_top = kernel > 1 ? below(2) : 0;
    a.pad_bottom = kernel > 1 ? below(2) : 0;
    a.channels_last = chance(2);
    a.count_include_pad = chance(2);
    if (chance(2)) return emit<ops::avg_pool2d>({x}, a);
    ops::max_pool2d::attrs m{.kernel_h = a.kernel_h, .kernel_w = a.kernel_w};
    m.stride_h = a.stride_h;
    m.stride_w = a.stride_w;
    m.pad_top = a.pad_top;
    m.pad_bottom = a.pad_bottom;
    m.channels_last = a.channels_last;
    return emit<ops::max_pool2d>({x}, m);
  }

  constexpr ir::node_id norm() {
    ir::node_id const x = any();
    int const rank = type(x).rank();
    if (rank < 1) return -1;
    if (chance(2)) {
      int const axes = 1 + below(rank);
      ir::shape const last = ops::layer_norm::normalised(type(x).shape, axes);
      return emit<ops::layer_norm>({x, weight(last), weight(last)},
                                   {.axes = axes, .epsilon = 1e-2f});
    }
    int const axis = below(rank);
    ir::shape const s(type(x).shape[axis]);
    ir::node_id const gamma = chance(3) ? number(1.0, s) : weight(s);
    ir::node_id const beta = chance(3) ? number(0.0, s) : weight(s);
    return emit<ops::batch_norm>({x, gamma, beta, parameter(s), parameter(s, "positive")},
                                 {.axis = axis, .epsilon = 1e-3f});
  }

  constexpr ir::node_id softmax() {
    ir::node_id const x = any();
    int const rank = type(x).rank();
    if (rank < 1) return -1;
    int const axis = chance(2) ? rank - 1 : below(rank);
    return chance(2) ? emit<ops::softmax>({x}, {.axis = axis})
                     : emit<ops::log_softmax>({x}, {.axis = axis});
  }

  constexpr ir::node_id reduction() {
    ir::node_id const x = any();
    ops::reduction::attrs a{{}, chance(2)};
    for (int i = 0; i < type(x).rank(); ++i) {
      if (chance(2)) a.axes.push_back(i);
    }
    if (a.axes.size() == 0) return -1;
    switch (below(4)) {
      case 0:
        return emit<ops::reduce_sum>({x}, a);
      case 1:
        return emit<ops::reduce_max>({x}, a);
      case 2:
        return emit<ops::reduce_min>({x}, a);
      default:
        return emit<ops::reduce_mean>({x}, a);
    }
  }

  constexpr ir::node_id transpose() {
    ir::node_id const x = any();
    ints<6> perm;
    for (int i = 0; i < type(x).rank(); ++i) perm.push_back(i);
    for (std::size_t i = perm.size(); i > 1; --i)
      std::swap(perm[i - 1], perm[static_cast<std::size_t>(below(static_cast<int>(i)))]);
    return perm.size() < 2 ? -1 : emit<ops::transpose>({x}, {.perm = perm});
  }

  /// Splits off factors of the number of elements.
  constexpr ir::node_id reshape() {
    ir::node_id const x = any();
    std::int64_t rest = type(x).elements();
    ints<6> s;
    for (int axis = below(4); axis > 0; --axis) {
      std::int64_t factor = extent();
      while (rest % factor != 0) --factor;
      s.push_back(factor);
      rest /= factor;
    }
    s.push_back(rest);
    return emit<ops::reshape>({x}, {.shape = s});
  }

  constexpr ir::node_id concat() {
    ir::node_id const a = any(), b = any();
    int const rank = type(a).rank();
    if (rank < 1) return -1;
    int const axis = below(rank);
    if (chance(4)) return emit<ops::concat>({a, b, a}, {.axis = axis});
    if (chance(4)) return emit<ops::concat>({a, weight(type(a).shape)}, {.axis = axis});
    return emit<ops::concat>({a, b}, {.axis = axis});
  }

  constexpr ir::node_id slice() {
    ir::node_id const x = any();
    ops::slice::attrs a;
    for (int i = 0; i < type(x).rank(); ++i) {
      std::int64_t const whole = type(x).shape[i];
      std::int64_t const start = chance(2) ? 0 : below(static_cast<int>(whole));
      std::int64_t const step = chance(3) ? 2 : 1;
      std::int64_t const most = (whole - start + step - 1) / step;
      a.starts.push_back(start);
      a.sizes.push_back(chance(2) ? most : 1 + below(static_cast<int>(most)));
      a.steps.push_back(step);
    }
    return a.starts.size() == 0 ? -1 : emit<ops::slice>({x}, a);
  }

  constexpr ir::node_id pad() {
    ops::pad::attrs a{{}, {}, chance(2) ? 0.0f : 0.5f};
    ir::node_id const x = any();
    for (int i = 0; i < type(x).rank(); ++i) {
      a.before.push_back(below(3));
      a.after.push_back(below(2));
    }
    return emit<ops::pad>({x}, a);
  }

  constexpr ir::node_id gather() {
    ir::node_id const x = any();
    int const rank = type(x).rank();
    if (rank < 1) return -1;
    int const axis = chance(2) ? 0 : below(rank);
    list<std::int64_t> words;
    int const count = 1 + below(5);
    for (int i = 0; i < count; ++i) {
      auto const index = below(static_cast<int>(type(x).shape[axis]));
      words.push_back(std::bit_cast<std::int64_t>(static_cast<double>(index)));
    }
    ir::dtype const index_type = chance(2) ? ir::dtype::i32 : ir::dtype::i64;
    ir::node_id const indices = graph.add(ir::constant_op, {index_type, ir::shape(count)}, {},
                                          {words.data(), words.size()});
    return emit<ops::gather>({x, indices}, {.axis = axis});
  }

  constexpr ir::node_id jump() {
    ir::node_id const a = any(), b = any();
    if (chance(3)) return emit<ops::floor>({a});
    if (!ir::broadcast(type(a).shape, type(b).shape).ok) return -1;
    ir::node_id const where =
        chance(2) ? emit<ops::greater>({a, b}) : emit<ops::less_equal>({a, number(0.25)});
    if (where < 0) return -1;
    if (chance(3)) return emit<ops::cast>({where}, {.to = static_cast<int>(dtype())});
    ir::node_id const other = chance(2) ? b : number(0.5);
    return emit<ops::where>({where, a, other});
  }

  bool images_ = false;
};

}  // namespace etch_test
