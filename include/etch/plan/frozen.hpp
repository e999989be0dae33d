#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <etch/ir/control.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan {

/// How much of each pool a plan takes.
struct sizes {
  std::size_t steps = 0, locations = 0, instructions = 0, recipes = 0, words = 0, text = 0,
              outputs = 0, tilings = 0, states = 0, moves = 0, rings = 0, controls = 0, walks = 0,
              region_moves = 0, lengths = 0, axes = 0, limits = 0;
};

constexpr sizes sizes_of(plan const& p) {
  return {p.steps.size(),  p.locations.size(),    p.instructions.size(), p.recipes.size(),
          p.words.size(),  p.text.size(),         p.outputs.size(),      p.tilings.size(),
          p.states.size(), p.moves.size(),        p.rings.size(),        p.controls.size(),
          p.walks.size(),  p.region_moves.size(), p.lengths.size(),      p.axes.size(),
          p.limits.size()};
}

/// A plan that can outlive its constant evaluation: arrays of exactly the sizes that it takes.
template <sizes S>
struct frozen {
  std::array<step, S.steps> steps{};
  std::array<location, S.locations> locations{};
  std::array<instruction, S.instructions> instructions{};
  std::array<recipe, S.recipes> recipes{};
  std::array<std::int64_t, S.words> words{};
  std::array<char, S.text> text{};
  std::array<location, S.outputs> outputs{};
  std::array<tiling, S.tilings> tilings{};
  std::array<kept_state, S.states> states{};
  std::array<move, S.moves> moves{};
  std::array<ring, S.rings> rings{};
  std::array<control, S.controls> controls{};
  std::array<walk, S.walks> walks{};
  std::array<move, S.region_moves> region_moves{};
  std::array<extent, S.lengths> lengths{};
  std::array<bounded_axes, S.axes> axes{};
  std::array<row_limit, S.limits> limits{};
  ir::op_key refused{""};
  std::int64_t workspace_bytes = 0;
  std::int64_t live_bytes = 0;
  std::int64_t weights_bytes = 0;
  std::int64_t state_bytes = 0;
  std::int64_t scratch_bytes = 0;

  constexpr location const& operand(step const& s, int i) const {
    return locations[static_cast<std::size_t>(s.operands.first + i)];
  }
  template <class Attrs>
  constexpr Attrs attrs_of(step const& s) const {
    return core::from_words<Attrs>(words.data() + s.words.first);
  }
};

/// Copies a plan, or another frozen one, into arrays of sizes S; `used` says how much there is.
template <sizes S>
constexpr frozen<S> freeze(auto const& from, sizes used = S) {
  frozen<S> to;
  auto const copy = [](auto& array, auto const& list, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) array[i] = list[i];
  };
  copy(to.steps, from.steps, used.steps);
  copy(to.locations, from.locations, used.locations);
  copy(to.instructions, from.instructions, used.instructions);
  copy(to.recipes, from.recipes, used.recipes);
  copy(to.words, from.words, used.words);
  copy(to.text, from.text, used.text);
  copy(to.outputs, from.outputs, used.outputs);
  copy(to.tilings, from.tilings, used.tilings);
  copy(to.states, from.states, used.states);
  copy(to.moves, from.moves, used.moves);
  copy(to.rings, from.rings, used.rings);
  copy(to.controls, from.controls, used.controls);
  copy(to.walks, from.walks, used.walks);
  copy(to.region_moves, from.region_moves, used.region_moves);
  copy(to.lengths, from.lengths, used.lengths);
  copy(to.axes, from.axes, used.axes);
  copy(to.limits, from.limits, used.limits);
  to.refused = from.refused;
  to.workspace_bytes = from.workspace_bytes;
  to.live_bytes = from.live_bytes;
  to.weights_bytes = from.weights_bytes;
  to.state_bytes = from.state_bytes;
  to.scratch_bytes = from.scratch_bytes;
  return to;
}

constexpr bool fits(sizes const& used, sizes const& room) {
  return used.steps <= room.steps && used.locations <= room.locations &&
         used.instructions <= room.instructions && used.recipes <= room.recipes &&
         used.words <= room.words && used.text <= room.text && used.outputs <= room.outputs &&
         used.tilings <= room.tilings && used.states <= room.states && used.moves <= room.moves &&
         used.rings <= room.rings && used.controls <= room.controls && used.walks <= room.walks &&
         used.region_moves <= room.region_moves && used.lengths <= room.lengths &&
         used.axes <= room.axes && used.limits <= room.limits;
}

/// A plan in arrays of guessed sizes, to be measured and copied: the compiler evaluates a model
/// once and not once for the sizes and again for the contents. Empty where the guess was too small.
template <sizes Room>
struct draft {
  sizes used;
  frozen<Room> plan;
};

template <sizes Room>
constexpr draft<Room> draft_of(plan const& from) {
  sizes const used = sizes_of(from);
  return {used, freeze<Room>(from, fits(used, Room) ? used : sizes{})};
}

/// Nodes of a graph and of the regions of its control nodes, and how many of them are control.
struct node_count {
  std::size_t nodes = 0, controls = 0, words = 0;
};
constexpr node_count count_nodes(ir::graph const& g) {
  node_count all{g.nodes.size(), 0, g.words.size()};
  for (ir::node const& n : g.nodes) {
    if (!ir::is_control(n)) continue;
    ++all.controls;
    for (int i = 0; i < ir::layout_of(g, n).regions; ++i) {
      node_count const inside = count_nodes(ir::control_region(g, n, i));
      all.nodes += inside.nodes;
      all.controls += inside.controls;
      all.words += inside.words;
    }
  }
  return all;
}

/// Room for the plan of most graphs; one that needs more is evaluated twice.
constexpr sizes guess(ir::graph const& g) {
  auto const [n, controls, words] = count_nodes(g);
  bool const bounded = !g.in_call.elements.empty();
  return {.steps = n,
          .locations = 3 * n + 32,
          .instructions = 2 * n + 16,
          .recipes = 2 * n + 16,
          .words = words + 3 * n + 64,
          .text = g.text.size() + 16,
          .outputs = g.outputs.size(),
          .tilings = n / 2,
          .states = g.states.size(),
          .moves = 2 * g.states.size() + g.outputs.size(),
          .rings = g.states.size(),
          .controls = 2 * controls,
          .walks = controls > 0 ? n / 2 : 0,
          .region_moves = controls > 0 ? n : 0,
          .lengths = bounded ? std::size_t{16} : std::size_t{0},
          .axes = bounded ? std::size_t{16} : std::size_t{0},
          .limits = bounded ? std::size_t{8} : std::size_t{0}};
}

}  // namespace etch::plan
