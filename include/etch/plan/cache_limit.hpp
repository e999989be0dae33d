#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <etch/core/list.hpp>
#include <etch/ops/cached_attention.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan {

/// A cache of rows: how many a call adds at the position that a state or an input has before it.
struct cache_limit {
  location position;
  std::int64_t rows = 0;
  std::int64_t capacity = 0;
  constexpr bool operator==(cache_limit const&) const = default;
};

/// Calls take(limit) with each cache of a plan whose position is known before the call, those of
/// one position, rows and capacity once. A position that the model computes is not among them.
template <class Plan, class Take>
constexpr void for_each_cache(Plan const& plan, Take const& take) {
  core::list<cache_limit> seen;
  for (step const& s : plan.steps) {
    if (s.op != &ir::info_of<ops::cache_keys> || s.depth > 0) continue;
    location const at = plan.operand(s, 2);
    if (at.place != place::state && at.place != place::input) continue;
    cache_limit const limit{at, plan.operand(s, 1).type.shape[0],
                            plan.template attrs_of<ops::cache_keys::attrs>(s).capacity};
    bool again = false;
    for (cache_limit const& other : seen) again = again || other == limit;
    if (again) continue;
    seen.push_back(limit);
    take(limit);
  }
}

template <class Plan>
constexpr std::size_t count_caches(Plan const& plan) {
  std::size_t count = 0;
  for_each_cache(plan, [&](cache_limit const&) { ++count; });
  return count;
}

/// All of them: `Count` is what `count_caches` says.
template <std::size_t Count, class Plan>
constexpr std::array<cache_limit, Count> caches_of(Plan const& plan) {
  std::array<cache_limit, Count> all{};
  std::size_t i = 0;
  for_each_cache(plan, [&](cache_limit const& limit) { all[i++] = limit; });
  return all;
}

}  // namespace etch::plan
