#pragma once

#include <etch/core/hash_index.hpp>
#include <etch/plan/plan.hpp>

namespace etch::plan {

/// Finds steps that differ in nothing but addresses, so that equal layers share one function.
class same_steps {
 public:
  /// The number of the first step equal to the one about to be appended (perhaps its own).
  constexpr int add(plan const& p, step const& added) {
    auto const hash = hash_of(p, added);
    int const found = seen_.find(
        hash, [&](int other) { return equal(p, p.steps[static_cast<std::size_t>(other)], added); });
    if (found != core::hash_index::none) return found;
    int const own = static_cast<int>(p.steps.size());
    seen_.add(hash, own);
    return own;
  }

 private:
  template <class T>
  static constexpr T const* at(core::list<T> const& pool, ir::range r) {
    return pool.data() + r.first;
  }

  static constexpr std::uint64_t hash_of(plan const& p, step const& s) {
    std::uint64_t hash = core::hash_text(s.kernel.view());
    hash = core::hash_mix(hash, static_cast<std::uint64_t>(s.result.type.elements()));
    hash = core::hash_mix(hash, static_cast<std::uint64_t>(s.program.count));
    for (int i = 0; i < s.operands.count; ++i)
      hash = core::hash_mix(
          hash, static_cast<std::uint64_t>(at(p.locations, s.operands)[i].type.elements()));
    return hash;
  }

  static constexpr bool equal(plan const& p, step const& a, step const& b) {
    if (a.op != b.op || !(a.kernel == b.kernel) || !same_numbers(a.result, b.result) ||
        !(a.window == b.window) || a.own_operands != b.own_operands ||
        a.operands.count != b.operands.count || a.words.count != b.words.count ||
        a.program.count != b.program.count)
      return false;
    for (int i = 0; i < a.operands.count; ++i) {
      if (!same_numbers(at(p.locations, a.operands)[i], at(p.locations, b.operands)[i]))
        return false;
    }
    if (!same_words(p, a.words, b.words)) return false;
    for (int i = 0; i < a.program.count; ++i) {
      instruction const& x = at(p.instructions, a.program)[i];
      instruction const& y = at(p.instructions, b.program)[i];
      if (!(x == y) || x.words.count != y.words.count || !same_words(p, x.words, y.words))
        return false;
    }
    return true;
  }

  static constexpr bool same_numbers(location const& a, location const& b) {
    return a.type == b.type && a.length == b.length && a.axes == b.axes;
  }

  static constexpr bool same_words(plan const& p, ir::range a, ir::range b) {
    for (int i = 0; i < a.count; ++i) {
      if (at(p.words, a)[i] != at(p.words, b)[i]) return false;
    }
    return true;
  }

  core::hash_index seen_;
};

}  // namespace etch::plan
