#pragma once

#include <bit>
#include <cstdint>

#include <etch/core/list.hpp>
#include <etch/ir/graph.hpp>

namespace etch::plan {

/// Where the bytes of a value are.
enum class place : unsigned char { workspace, weights, input, recipe };

/// A value as steps see it: a dense tensor at an offset of a place. For inputs the offset is the
/// number of the input; for `recipe` it is a node of the load-time graph.
struct location {
  plan::place place = plan::place::workspace;
  std::int64_t offset = 0;
  ir::tensor_type type;
  constexpr bool operator==(location const&) const = default;
};

/// One operation of a fused step, on one element (or one pack of elements).
struct instruction {
  enum class kind : unsigned char { operand, number, operation };
  instruction::kind what = kind::operation;
  ir::op_info const* op = nullptr;
  int operands[3] = {};  ///< earlier instructions
  ir::range words;       ///< attributes, in plan::words
  double number = 0;     ///< of a literal
  int operand = 0;       ///< which input of the region
  constexpr bool operator==(instruction const& other) const {
    return what == other.what && op == other.op && operands[0] == other.operands[0] &&
           operands[1] == other.operands[1] && operands[2] == other.operands[2] &&
           std::bit_cast<std::int64_t>(number) == std::bit_cast<std::int64_t>(other.number) &&
           operand == other.operand;
  }
};

/// One call of a kernel.
struct step {
  ir::op_info const* op = nullptr;
  ir::op_key kernel{""};  ///< the kernel's name; "reference" for plain loops
  ir::range words;        ///< attributes of op, in plan::words
  ir::range operands;     ///< in plan::locations; those of op first, then the epilogue's
  int own_operands = 0;   ///< how many of them belong to op
  location result;
  ir::range program;         ///< fused step or epilogue, in plan::instructions
  int same_as = 0;           ///< the first step with equal sizes and program: they share code
  std::int64_t scratch = 0;  ///< workspace offset of the kernel's own temporary memory
  ir::shape window;          ///< of a convolution, whose weight is packed: [kh, kw]
  std::int64_t cols = 0;     ///< of the result as the matrix that the kernel hands out
  std::int64_t flops = 0;
  bool splits = false;  ///< large enough to be worth several threads, see split_choice.hpp
  int node = 0;         ///< of the optimised graph
};

/// One operation of load time: reads parameters and earlier recipes, in plain loops.
struct recipe {
  ir::op_info const* op = nullptr;
  ir::range words;
  ir::range operands;  ///< in plan::locations, all with place::recipe
  ir::tensor_type type;
  ir::range name;                    ///< of a parameter, in plan::text
  std::int64_t weights_offset = -1;  ///< where steps read the result; -1: nothing but recipes do
};

/// Everything that is decided about a model before it runs.
struct plan {
  core::list<step> steps;
  core::list<location> locations;
  core::list<instruction> instructions;
  core::list<recipe> recipes;
  core::list<std::int64_t> words;
  core::list<char> text;
  core::list<location> outputs;
  std::int64_t workspace_bytes = 0;
  std::int64_t live_bytes = 0;  ///< the largest set of values alive at once: the lower bound
  std::int64_t weights_bytes = 0;
  std::int64_t scratch_bytes = 0;  ///< that each further thread of a step needs for itself
};

}  // namespace etch::plan
