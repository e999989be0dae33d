#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <etch/core/list.hpp>
#include <etch/ir/extent.hpp>
#include <etch/ir/graph.hpp>
#include <etch/plan/image_rows.hpp>
#include <etch/plan/row_limit.hpp>

namespace etch::plan {

/// Where the bytes of a value are.
enum class place : unsigned char {
  workspace,
  weights,
  input,
  recipe,
  tile,   ///< of the thread that runs a tile; see tiling
  state,  ///< kept by the session from call to call
  row,    ///< of a sequence: `offset` behind the pointer that a loop keeps at `pointer`
};

/// A value as steps see it: a dense tensor at an offset of a place. For inputs the offset is the
/// number of the input; for `recipe` it is a node of the load-time graph.
struct location {
  plan::place place = plan::place::workspace;
  std::int64_t offset = 0;
  ir::tensor_type type;
  std::int64_t row_bytes = 0;     ///< in a tile or a band: from a row of the result to the next
  std::int64_t matrix_bytes = 0;  ///< in a tile: from a matrix to the next
  int ring = -1;                  ///< in a state: the offset goes on with this ring's cursor
  std::int64_t pointer = 0;       ///< of a row: offset of its pointer in the workspace
  int length = -1;                ///< in plan::lengths: how much of it a call uses; -1: all of it
  int axes = -1;                  ///< in plan::axes: which of its extents a call decides; -1: none
  image_rows needed{};            ///< in a band: which rows of it
  constexpr bool operator==(location const&) const = default;
};

/// In plan::lengths, the one of each axis of a value; -1: a fixed extent.
using bounded_axes = std::array<signed char, ir::max_rank>;

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
  bool splits = false;     ///< large enough to be worth several threads, see split_choice.hpp
  int node = 0;            ///< of the optimised graph, or of the region
  int depth = 0;           ///< how many loops and branches it is in
  int control = -1;        ///< in plan::controls: what this step starts, whose steps follow it
  std::int64_t times = 1;  ///< that a call runs it, at most
};

/// Steps that run depth first: all of them on a tile of `tile` rows, then on the next. The types of
/// their operands and results are those of one tile; what only they read is in place::tile. Where a
/// call decides the rows, the last tile has fewer. A tile of images is a band of rows: the types
/// are those of one whole image, of which place::tile has the rows that are needed.
struct tiling {
  int first = 0, count = 0;   ///< steps
  std::int64_t matrices = 1;  ///< of a batch
  std::int64_t rows = 0;      ///< of each matrix
  std::int64_t tile = 0;      ///< rows at a time; the last tile overlaps the one before it
  std::int64_t offset = 0;    ///< in the workspace, of the calling thread's tile
  std::int64_t flops = 0;     ///< of all steps
  bool splits = false;        ///< among threads, tile by tile
  int length = -1;            ///< in plan::lengths: how many of the rows a call has; -1: all
  bool images = false;        ///< whose rows these are, `matrices` in number
  constexpr bool operator==(tiling const&) const = default;

  constexpr std::int64_t tiles_of_matrix() const { return (rows + tile - 1) / tile; }
  constexpr std::int64_t tiles() const { return matrices * tiles_of_matrix(); }
  constexpr bool holds(int step) const { return first <= step && step < first + count; }
};

/// A state: where it is kept, and where the value is with which it begins.
struct kept_state {
  location at;
  location initial;  ///< in the weights; in place::state: zeros
  ir::range name;    ///< in plan::text
};

/// Two copies of the same rows side by side in the states, so that any run of `bytes` bytes is in
/// one piece: a call writes its rows at the cursor, in both copies, and moves the cursor on. The
/// cursor is the int64 number `ring` at the start of the states: bytes from `offset` to the rows
/// kept.
struct ring {
  std::int64_t offset = 0;
  std::int64_t bytes = 0;  ///< of one copy
  std::int64_t added = 0;  ///< bytes that a call adds
  std::int64_t row_bytes = 0;
  constexpr bool operator==(ring const&) const = default;
};

/// A copy behind the last step: of a new state to where the next call finds it, or of something
/// that this would overwrite.
struct move {
  location from, to;
};

/// A sequence that a loop walks along: what it reads, or the rows that it collects.
struct walk {
  location sequence;
  std::int64_t pointer = 0;    ///< offset in the workspace of the pointer to the row
  std::int64_t row_bytes = 0;  ///< from a row to the next
};

/// Steps that run under control: those of the first region from `first` on, then those of the
/// second. Regions leave what they return in places of their own; moves put it where it belongs.
struct control {
  enum class kind : unsigned char {
    cond,        ///< the first region if `decides`, else the second
    scan,        ///< the first region `length` times, row by row
    while_loop,  ///< the first region leaves `decides`: whether to run the second one and come back
  };
  control::kind what = kind::scan;
  int first = 0;
  int counts[2] = {};  ///< steps of each region
  ir::range moves[2];  ///< behind each region, in plan::region_moves
  ir::range before;    ///< moves before a loop, in plan::region_moves
  ir::range walks;     ///< in plan::walks
  std::int64_t length = 1;
  int turns_in_use = -1;  ///< in plan::lengths: how many of `length` turns a call has; -1: all
  bool reverse = false;   ///< from the last row to the first
  bool counts_turns = false;
  location decides;   ///< a bool
  location turns;     ///< i32: the turn of a scan that counts; how often the second region ran
  location finished;  ///< bool: whether `decides`, and not `length`, ended a while_loop
};

/// One operation of load time: reads parameters and earlier recipes, in plain loops.
struct recipe {
  ir::op_info const* op = nullptr;
  ir::range words;
  ir::range operands;  ///< in plan::locations, all with place::recipe
  ir::tensor_type type;
  ir::range name;                    ///< of a parameter, in plan::text
  std::int64_t weights_offset = -1;  ///< where steps read the result; -1: nothing but recipes do
  bool is_read = true;               ///< by a step or a recipe
};

/// Everything that is decided about a model before it runs.
struct plan {
  core::list<step> steps;
  core::list<tiling> tilings;  ///< in the order of their steps
  core::list<location> locations;
  core::list<instruction> instructions;
  core::list<recipe> recipes;
  core::list<std::int64_t> words;
  core::list<char> text;
  core::list<location> outputs;
  core::list<kept_state> states;
  core::list<move> moves;  ///< in order
  core::list<ring> rings;
  core::list<control> controls;
  core::list<walk> walks;
  core::list<move> region_moves;
  core::list<extent> lengths;  ///< that calls decide: all values are planned for their bounds
  core::list<bounded_axes> axes;
  core::list<row_limit> limits;
  ir::op_key refused{""};  ///< the operator of a node that cannot leave its rows to the call,
                           ///< or has no form for instances side by side; the plan is none
  std::int64_t workspace_bytes = 0;
  std::int64_t live_bytes = 0;  ///< the largest set of values alive at once: the lower bound
  std::int64_t weights_bytes = 0;
  std::int64_t state_bytes = 0;
  std::int64_t scratch_bytes = 0;  ///< that each further thread of a step needs for itself

  constexpr ir::range add_text(std::string_view added) {
    ir::range const r{static_cast<int>(text.size()), static_cast<int>(added.size())};
    for (char c : added) text.push_back(c);
    return r;
  }
  constexpr std::string_view text_of(ir::range r) const {
    return {text.data() + r.first, static_cast<std::size_t>(r.count)};
  }

  constexpr ir::range add_words(std::span<std::int64_t const> added) {
    ir::range const r{static_cast<int>(words.size()), static_cast<int>(added.size())};
    for (std::int64_t word : added) words.push_back(word);
    return r;
  }
};

}  // namespace etch::plan
