#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <etch/plan/plan.hpp>

namespace etch::plan {

/// How much of each pool a plan takes.
struct sizes {
  std::size_t steps = 0, locations = 0, instructions = 0, recipes = 0, words = 0, text = 0,
              outputs = 0;
};

constexpr sizes sizes_of(plan const& p) {
  return {p.steps.size(), p.locations.size(), p.instructions.size(), p.recipes.size(),
          p.words.size(), p.text.size(),      p.outputs.size()};
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
  std::int64_t workspace_bytes = 0;
  std::int64_t live_bytes = 0;
  std::int64_t weights_bytes = 0;

  constexpr location const& operand(step const& s, int i) const {
    return locations[static_cast<std::size_t>(s.operands.first + i)];
  }
  template <class Attrs>
  constexpr Attrs attrs_of(step const& s) const {
    return core::from_words<Attrs>(words.data() + s.words.first);
  }
};

template <sizes S>
constexpr frozen<S> freeze(plan const& from) {
  frozen<S> to;
  auto const move = [](auto& array, auto const& list) {
    for (std::size_t i = 0; i < list.size(); ++i) array[i] = list[i];
  };
  move(to.steps, from.steps);
  move(to.locations, from.locations);
  move(to.instructions, from.instructions);
  move(to.recipes, from.recipes);
  move(to.words, from.words);
  move(to.text, from.text);
  move(to.outputs, from.outputs);
  to.workspace_bytes = from.workspace_bytes;
  to.live_bytes = from.live_bytes;
  to.weights_bytes = from.weights_bytes;
  return to;
}

}  // namespace etch::plan
