#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include <etch/ir/op_info.hpp>
#include <etch/ops/op_for.hpp>

namespace etch::ops {

/// The type of a value of one instance among those that lie side by side, along the last axis.
constexpr ir::tensor_type of_one_lane(ir::tensor_type type) {
  type.shape.extents[static_cast<std::size_t>(--type.shape.rank)] = 0;
  return type;
}

/// An operator with weights for instances of a model that lie side by side, along the last axis of
/// its first operand and of its result. Models do not name it: passes/across_lanes.hpp does.
/// shape     x[..., L], weights as those of `Op` -> [..., L]
template <class Op>
struct of_lanes {
  static constexpr ir::traits is = Op::is;
  static constexpr int arity_min = Op::arity_min;
  static constexpr int arity_max = Op::arity_max;
  using attrs = typename Op::attrs;

  static constexpr char malformed_rank[] = "x has no axis for the instances";

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    if (in[0].rank() < 1) return ir::inferred(malformed_rank);
    ir::inferred one = Op::infer(types_of_one(in), a);
    if (one.ok()) one.type.shape.push_back(lanes_of(in[0]));
    return one;
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out, attrs a) {
    return lanes_of(out) * Op::flops(types_of_one(in), of_one_lane(out), a);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    std::int64_t const lanes = lanes_of(out.type);
    ir::tensor_type const x = of_one_lane(in[0].type), y = of_one_lane(out.type);
    std::vector<std::byte> from(static_cast<std::size_t>(x.bytes()));
    std::vector<std::byte> to(static_cast<std::size_t>(y.bytes()));
    std::vector<ir::tensor_ref> operands(in.begin(), in.end());
    operands[0] = {from.data(), x};
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      for_each_element(x, lane, lanes, [&](std::size_t one, std::size_t all, std::size_t bytes) {
        std::memcpy(from.data() + one, static_cast<std::byte const*>(in[0].data) + all, bytes);
      });
      Op::reference({operands.data(), operands.size()}, {to.data(), y}, a);
      for_each_element(y, lane, lanes, [&](std::size_t one, std::size_t all, std::size_t bytes) {
        std::memcpy(static_cast<std::byte*>(out.data) + all, to.data() + one, bytes);
      });
    }
  }

 private:
  static constexpr std::int64_t lanes_of(ir::tensor_type const& type) {
    return type.shape[type.rank() - 1];
  }

  class types_of_one {
   public:
    constexpr explicit types_of_one(ir::operand_types in) : count_(in.size()) {
      for (std::size_t i = 0; i < count_; ++i) types_[i] = in[i];
      types_[0] = of_one_lane(types_[0]);
    }
    constexpr operator ir::operand_types() const { return {types_.data(), count_}; }

   private:
    std::array<ir::tensor_type, static_cast<std::size_t>(Op::arity_max)> types_{};
    std::size_t count_;
  };

  template <class Move>
  static void for_each_element(ir::tensor_type const& one, std::int64_t lane, std::int64_t lanes,
                               Move const& move) {
    std::size_t const bytes = size_of(one.dtype);
    for (std::int64_t i = 0; i < one.elements(); ++i)
      move(static_cast<std::size_t>(i) * bytes, static_cast<std::size_t>(i * lanes + lane) * bytes,
           bytes);
  }
};

}  // namespace etch::ops
