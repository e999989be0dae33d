#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include <etch/ir/emit.hpp>
#include <etch/ops/add.hpp>
#include <etch/ops/mul.hpp>
#include <etch/ops/transpose.hpp>

namespace etch_test {

namespace ir = etch::ir;
namespace ops = etch::ops;
using etch::core::ints;
using etch::core::list;

/// Dice, and a graph that grows by values and weights of random shapes.
class random_source {
 public:
  ir::graph graph;

  constexpr random_source(std::uint64_t seed, ir::dtype type) : state_(seed), type_(type) {}

  constexpr int below(int n) {
    state_ += 0x9e3779b97f4a7c15u;  // splitmix64
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return static_cast<int>(z % static_cast<std::uint64_t>(n));
  }
  constexpr bool chance(int of) { return below(of) == 0; }

 protected:
  static constexpr std::int64_t most_elements = 3000;

  constexpr std::int64_t extent() {
    constexpr std::int64_t likely[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 19};
    return likely[below(12)];
  }

  /// Later values more often than earlier ones, so that graphs are deep.
  constexpr ir::node_id any() {
    int const n = static_cast<int>(values_.size());
    int const back = chance(3) ? below(n) : below(n < 3 ? n : 3);
    return values_[static_cast<std::size_t>(n - 1 - back)];
  }

  constexpr ir::tensor_type const& type(ir::node_id id) const { return graph[id].type; }

  constexpr ir::node_id parameter(ir::shape const& s, std::string_view stem = "w") {
    list<char> name;
    for (char c : stem) name.push_back(c);
    int number = graph.size();
    for (int digit = 1000; digit > 0; digit /= 10)
      name.push_back(static_cast<char>('0' + number / digit % 10));
    return ir::add_parameter(graph, {type_, s}, {name.data(), name.size()});
  }

  /// A weight, as it is, or computed from one.
  constexpr ir::node_id weight(ir::shape const& s) {
    switch (below(6)) {
      case 0:
        return emit<ops::mul>({parameter(s), number(0.5)});
      case 1: {
        if (s.rank != 2) return parameter(s);
        return emit<ops::transpose>({parameter(ir::shape(s[1], s[0]))}, {.perm = ints<6>{1, 0}});
      }
      case 2: {
        list<std::int64_t> words;
        for (std::int64_t i = 0; i < s.elements(); ++i)
          words.push_back(std::bit_cast<std::int64_t>((below(17) - 8) / 8.0));
        return graph.add(ir::constant_op, {type_, s}, {}, {words.data(), words.size()});
      }
      default:
        return parameter(s);
    }
  }

  constexpr ir::node_id number(double value, ir::shape const& s = {}) {
    return ir::add_constant(graph, {type_, s}, value);
  }

  /// The node, or -1 where the operator does not take these operands or the result is large.
  template <class Op>
  constexpr ir::node_id emit(std::initializer_list<ir::node_id> operands,
                             ir::attrs_of<Op> const& attributes = {}) {
    list<ir::tensor_type> types;
    for (ir::node_id in : operands) {
      if (in < 0) return -1;
      types.push_back(type(in));
    }
    list<std::int64_t> words;
    etch::core::to_words(words, attributes);
    auto const result = ir::info_of<Op>.infer({types.data(), types.size()}, words.data());
    if (!result.ok() || result.type.elements() > most_elements) return -1;
    return ir::emit<Op>(graph, operands, attributes);
  }

  constexpr ir::dtype dtype() const { return type_; }

  list<ir::node_id> values_;

 private:
  std::uint64_t state_;
  ir::dtype type_;
};

}  // namespace etch_test
