#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <etch/ir/emit.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>

// Graphs of all operators, put together at random: what a pass, a plan or a printer must survive.

namespace etch_test {

namespace ir = etch::ir;
namespace ops = etch::ops;

class random_graph {
 public:
  random_graph(std::uint64_t seed, ir::dtype real) : random_(seed), real_(real) {}

  /// About `size` operators; inputs, weights and literals as they need them.
  ir::graph make(int size) {
    put(ir::add_input(g_, {real_, ir::shape(2, 4, 6, 6)}, "image"));
    put(ir::add_input(g_, {real_, ir::shape(3, 4)}));
    put(ir::add_input(g_, {ir::dtype::bool_, ir::shape(3, 4)}));
    for (int tries = 0; size > 0 && tries < 100 * size; ++tries) {
      ir::node_id const added = add();
      if (added >= 0) --size;
    }
    int const outputs = 1 + below(3);
    for (int i = 0; i < outputs; ++i) {
      g_.outputs.push_back(below(2) ? pool_.back() : any());
    }
    return std::move(g_);
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  ir::node_id any() {
    auto const n = static_cast<int>(pool_.size());
    int const recent = below(3) ? std::max(0, n - 4) : 0;  // chains rather than bushes
    return pool_[static_cast<std::size_t>(recent + below(n - recent))];
  }
  ir::tensor_type const& type(ir::node_id id) { return g_[id].type; }
  bool is_real(ir::node_id id) { return type(id).dtype == real_; }

  ir::node_id put(ir::node_id id) {
    pool_.push_back(id);
    return id;
  }

  /// The operator on these operands, or -1 where it does not take them.
  template <class Op>
  ir::node_id try_emit(std::vector<ir::node_id> const& operands,
                       ir::attrs_of<Op> const& attributes = {}) {
    std::vector<ir::tensor_type> types;
    for (ir::node_id in : operands) types.push_back(type(in));
    etch::core::list<std::int64_t> words;
    etch::core::to_words(words, attributes);
    auto const result = ir::info_of<Op>.infer({types.data(), types.size()}, words.data());
    if (!result.ok() || result.type.elements() > 4096) return -1;
    return put(g_.add(ir::info_of<Op>, result.type, operands, {words.data(), words.size()}));
  }

  ir::node_id parameter(ir::shape const& shape, std::string const& kind = "w") {
    return ir::add_parameter(g_, {real_, shape}, std::to_string(parameters_++) + "." + kind);
  }

  /// Something that broadcasts to a value: another of its kind, a weight, a number.
  ir::node_id beside(ir::node_id x) {
    switch (below(4)) {
      case 0: {
        ir::node_id const other = any();
        return is_real(other) ? other : x;
      }
      case 1:
        return ir::add_constant(g_, {real_, {}}, 0.25 * below(9) - 1);
      default: {
        ir::shape shape;
        int const rank = type(x).rank();
        for (int i = below(rank + 1); i < rank; ++i)
          shape.push_back(below(2) ? 1 : type(x).shape[i]);
        return parameter(shape);
      }
    }
  }

  ir::node_id unary(ir::node_id x) {
    if (!is_real(x)) return try_emit<ops::logical_not>({x});
    switch (below(11)) {
      case 0:
        return try_emit<ops::relu>({x});
      case 1:
        return try_emit<ops::tanh>({x});
      case 2:
        return try_emit<ops::sigmoid>({x});
      case 3:
        return try_emit<ops::neg>({x});
      case 4:
        return try_emit<ops::abs>({x});
      case 5:
        return try_emit<ops::clamp>({x}, {.low = -1, .high = 2});
      case 6:
        return try_emit<ops::silu>({x});
      case 7:
        return try_emit<ops::leaky_relu>({x}, {.slope = 0.125});
      case 8:
        return try_emit<ops::identity>({x});
      case 9:
        return try_emit<ops::gelu>({x});
      default:
        return try_emit<ops::cos>({x});
    }
  }

  ir::node_id binary(ir::node_id x) {
    if (!is_real(x)) return try_emit<ops::logical_and>({x, any_mask()});
    ir::node_id const y = beside(x);
    switch (below(9)) {
      case 0:
      case 1:
        return try_emit<ops::add>({y, x});
      case 2:
        return try_emit<ops::sub>({x, y});
      case 3:
        return bounded(try_emit<ops::mul>({x, y}));
      case 4:
        return bounded(try_emit<ops::mul>({y, x}));
      case 5:
        return try_emit<ops::max>({x, y});
      case 6:
        return try_emit<ops::sub>({y, x});
      case 7:
        return try_emit<ops::less>({x, y});
      default:
        return try_emit<ops::add>({x, y});
    }
  }

  /// Products of products would leave all ranges.
  ir::node_id bounded(ir::node_id x) { return x < 0 || below(2) ? x : try_emit<ops::tanh>({x}); }

  ir::node_id any_mask() {
    for (int tries = 0; tries < 20; ++tries) {
      ir::node_id const mask = any();
      if (!is_real(mask)) return mask;
    }
    return 2;
  }

  ir::node_id selection(ir::node_id x) {
    ir::node_id const number = ir::add_constant(g_, {real_, {}}, 0.5);
    return try_emit<ops::where>({any_mask(), below(4) ? x : number, beside(x)});
  }

  ir::node_id reshaped(ir::node_id x) {
    std::int64_t rest = type(x).elements();
    ops::reshape::attrs to;
    while (to.shape.size() < 4 && rest > 1) {
      std::int64_t const factor = 1 + below(6);
      if (rest % factor != 0) continue;
      to.shape.push_back(factor);
      rest /= factor;
    }
    to.shape.push_back(rest);
    return try_emit<ops::reshape>({x}, to);
  }

  ir::node_id transposed(ir::node_id x) {
    ops::transpose::attrs to;
    for (int i = 0; i < type(x).rank(); ++i) to.perm.push_back(i);
    for (std::size_t i = to.perm.size(); i > 1; --i)
      std::swap(to.perm[i - 1], to.perm[static_cast<std::size_t>(below(static_cast<int>(i)))]);
    return try_emit<ops::transpose>({x}, to);
  }

  ir::node_id moved(ir::node_id x) {
    int const rank = type(x).rank();
    if (rank == 0) return -1;
    switch (below(5)) {
      case 0:
        return reshaped(x);
      case 1:
        return transposed(x);
      case 2: {
        ops::slice::attrs part;
        for (int i = 0; i < rank; ++i) {
          std::int64_t const extent = type(x).shape[i];
          part.starts.push_back(below(static_cast<int>(extent)));
          part.steps.push_back(1 + below(2));
          part.sizes.push_back(1 + (extent - 1 - part.starts[static_cast<std::size_t>(i)]) /
                                       part.steps[static_cast<std::size_t>(i)]);
        }
        return try_emit<ops::slice>({x}, part);
      }
      case 3: {
        int const axis = below(rank);  // before the operands, on every compiler
        return try_emit<ops::concat>({x, below(2) ? x : any()}, {.axis = axis});
      }
      default: {
        ops::pad::attrs around;
        for (int i = 0; i < rank; ++i) {
          around.before.push_back(below(2));
          around.after.push_back(below(2));
        }
        return try_emit<ops::pad>({x}, around);
      }
    }
  }

  ir::node_id reduced(ir::node_id x) {
    ops::reduction::attrs how{.keepdims = below(2) == 0};
    for (int i = 0; i < type(x).rank(); ++i) {
      if (below(2)) how.axes.push_back(i);
    }
    int const last = type(x).rank() - 1;
    switch (below(6)) {
      case 0:
        return try_emit<ops::reduce_sum>({x}, how);
      case 1:
        return try_emit<ops::reduce_mean>({x}, how);
      case 2:
        return try_emit<ops::reduce_max>({x}, how);
      case 3:
        return last < 0 ? -1 : try_emit<ops::softmax>({x}, {.axis = below(last + 1)});
      case 4:
        return last < 0 ? -1 : try_emit<ops::log_softmax>({x}, {.axis = last});
      default: {
        if (last < 0) return -1;
        ir::shape const width(type(x).shape[last]);
        return try_emit<ops::layer_norm>({x, parameter(width), parameter(width)});
      }
    }
  }

  ir::node_id product(ir::node_id x) {
    int const rank = type(x).rank();
    if (rank == 0) return -1;
    std::int64_t const width = type(x).shape[rank - 1];
    int const outputs = 1 + below(6);
    switch (below(3)) {
      case 0:
        return try_emit<ops::linear>(
            {x, parameter(ir::shape(outputs, width)), parameter(ir::shape(outputs))});
      case 1:
        return try_emit<ops::matmul>({x, parameter(ir::shape(width, outputs))});
      default:
        return try_emit<ops::matmul>({x, any()});
    }
  }

  ir::node_id image(ir::node_id x) {
    if (type(x).rank() != 4) return -1;
    ir::shape const& s = type(x).shape;
    std::int64_t const c = s[1];
    int const size = 1 + below(3), margin = below(size);
    switch (below(5)) {
      case 0: {
        bool const depthwise = below(2) == 0;
        int const outputs = depthwise ? static_cast<int>(c) : 1 + below(6);
        auto const w = parameter(ir::shape(outputs, depthwise ? 1 : c, size, size));
        ops::conv2d::attrs const how{.stride_h = 1 + below(2),
                                     .pad_top = margin,
                                     .pad_left = below(2),
                                     .pad_bottom = margin,
                                     .groups = depthwise ? static_cast<int>(c) : 1};
        return below(2) ? try_emit<ops::conv2d>({x, w}, how)
                        : try_emit<ops::conv2d>({x, w, parameter(ir::shape(outputs))}, how);
      }
      case 1:
        return try_emit<ops::max_pool2d>(
            {x},
            {.kernel_h = size, .kernel_w = 2, .stride_h = 2, .stride_w = 1, .pad_top = margin});
      case 2:
        return try_emit<ops::avg_pool2d>({x}, {.kernel_h = 2,
                                               .kernel_w = size,
                                               .stride_h = 1,
                                               .stride_w = 2,
                                               .pad_right = margin,
                                               .count_include_pad = below(2) == 0});
      case 3: {
        int const groups = c % 2 == 0 ? 2 : 1, outputs = 1 + below(3), stride = 1 + below(2);
        auto const w = parameter(ir::shape(c, outputs, size, 2));
        return try_emit<ops::conv_transpose2d>({x, w, parameter(ir::shape(outputs * groups))},
                                               {.stride_h = stride,
                                                .stride_w = 1 + below(2),
                                                .dilation_w = 1 + below(2),
                                                .pad_top = margin,
                                                .extra_h = below(stride),
                                                .groups = groups});
      }
      default: {
        ir::shape const width(c);
        return try_emit<ops::batch_norm>(
            {x, parameter(width), parameter(width), parameter(width), parameter(width, "var")});
      }
    }
  }

  ir::node_id add() {
    ir::node_id const x = any();
    switch (below(8)) {
      case 0:
      case 1:
        return unary(x);
      case 2:
        return binary(x);
      case 3:
        return is_real(x) ? selection(x) : -1;
      case 4:
        return moved(x);
      case 5:
        return is_real(x) ? reduced(x) : -1;
      case 6:
        return is_real(x) ? product(x) : -1;
      default:
        return image(x);
    }
  }

  std::mt19937_64 random_;
  ir::dtype real_;  ///< of all that is not bool
  ir::graph g_;
  std::vector<ir::node_id> pool_;  ///< of values that more may be computed from
  int parameters_ = 0;
};

}  // namespace etch_test
