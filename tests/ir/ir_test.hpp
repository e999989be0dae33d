#pragma once

#include <initializer_list>

#include <etch/core/ints.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ir/info_of.hpp>

/// Operators for tests of the graph, which knows none of its own.
namespace etch_test {

namespace ir = etch::ir;

struct plus {
  static constexpr ir::op_key key{"plus"};
  static constexpr ir::traits is{.elementwise = true, .commutative = true};
  template <class V>
  static constexpr V eval(V a, V b) {
    return static_cast<V>(a + b);
  }
};

struct plus_three {
  static constexpr ir::op_key key{"plus_three"};
  static constexpr ir::traits is{.elementwise = true};
  template <class V>
  static constexpr V eval(V a, V b, V c) {
    return static_cast<V>(a + b + c);
  }
};

struct scaled {
  static constexpr ir::op_key key{"scaled"};
  static constexpr ir::traits is{.elementwise = true, .floating = true};
  struct attrs {
    double factor = 2.0;
  };
  template <class V>
  static constexpr V eval(V x, attrs const& a) {
    return static_cast<V>(a.factor) * x;
  }
};

/// Every kind of attribute; the result is a vector of as many elements as `sizes` has.
struct described {
  static constexpr ir::op_key key{"described"};
  static constexpr ir::traits is{};
  enum class mode { plain, fancy };
  struct attrs {
    int axis = -1;
    bool keep = false;
    float eps = 0.1f;
    etch::core::ints<4> sizes{1};
    mode how = mode::fancy;
  };
  static constexpr int arity_min = 1;
  static constexpr int arity_max = 2;
  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    if (in[0].rank() == 0) return ir::inferred("described: the operand has rank 0");
    return ir::tensor_type{in[0].dtype, ir::shape(a.sizes.size())};
  }
  static void reference(ir::operand_refs, ir::tensor_ref, attrs const&) {}
};

/// Appends a node whose type is given, right or wrong.
template <class Op>
constexpr ir::node_id add(ir::graph& g, std::initializer_list<ir::node_id> operands,
                          ir::tensor_type const& type,
                          ir::attrs_of<Op> const& attributes = ir::attrs_of<Op>{}) {
  etch::core::list<std::int64_t> words;
  etch::core::to_words(words, attributes);
  return g.add(ir::info_of<Op>, type, {operands.begin(), operands.size()},
               {words.data(), words.size()});
}

}  // namespace etch_test
