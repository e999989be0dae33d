#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <etch/core/hash_index.hpp>
#include <etch/ir/info_of.hpp>
#include <etch/plan/arena.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan::detail {

/// The load-time part of a plan in the making: its recipes, and where steps read their results.
class recipe_list {
 public:
  /// Adds the recipe of a value to the plan; `operands` are earlier recipes. Returns its number.
  constexpr int add(plan& to, ir::op_info const& op, std::span<std::int64_t const> words,
                    core::list<int> const& operands, ir::tensor_type const& type,
                    std::string_view name) {
    recipe added;
    added.op = &op;
    added.words = to.add_words(words);
    added.operands = {static_cast<int>(to.locations.size()), static_cast<int>(operands.size())};
    for (int from : operands)
      to.locations.push_back({place::recipe, from, to.recipes[index(from)].type});
    added.type = type;
    added.name = to.add_text(name);
    to.recipes.push_back(added);
    return static_cast<int>(to.recipes.size()) - 1;
  }

  /// The place in the weights of a recipe's result, given when it is first read.
  constexpr location in_weights(plan& of, int id) {
    recipe& from = of.recipes[index(id)];
    if (from.weights_offset < 0) from.weights_offset = weights_.take(from.type.bytes());
    return {place::weights, from.weights_offset, from.type};
  }

  /// The packed form of a recipe's result, made once for all steps that read it.
  template <class Op>
  constexpr location packed(plan& of, int from, ir::attrs_of<Op> const& attributes) {
    core::list<std::int64_t> words;
    core::to_words(words, attributes);
    auto const hash =
        core::hash_mix(core::hash_text(Op::key.view()), static_cast<std::uint64_t>(from));
    int id = packed_.find(hash, [&](int other) {
      recipe const& r = of.recipes[index(other)];
      if (r.op != &ir::info_of<Op> || of.locations[index(r.operands.first)].offset != from)
        return false;
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (of.words[index(r.words.first) + i] != words[i]) return false;
      }
      return true;
    });
    if (id == core::hash_index::none) {
      ir::tensor_type const types[] = {of.recipes[index(from)].type};
      auto const type = ir::info_of<Op>.infer({types, 1}, words.data());
      id = add(of, ir::info_of<Op>, {words.data(), words.size()}, {from}, type.type, {});
      packed_.add(hash, id);
    }
    return in_weights(of, id);
  }

  constexpr std::int64_t weights_bytes() const { return weights_.bytes(); }

 private:
  static constexpr std::size_t index(int id) { return static_cast<std::size_t>(id); }

  core::hash_index packed_;
  arena weights_;
};

}  // namespace etch::plan::detail
