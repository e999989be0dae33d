#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <etch/ir/builtin.hpp>
#include <etch/plan/frozen.hpp>

namespace etch::plan {

/// A recipe as the program keeps it: an address in the program is code in the program, so that of
/// an operator there is its meaning alone.
struct load_step {
  enum class kind : unsigned char { parameter, constant, operation };
  load_step::kind what = kind::operation;
  void (*reference)(ir::operand_refs, ir::tensor_ref, std::int64_t const* words) = nullptr;
  ir::range words;     ///< attributes or elements, in `words`
  ir::range operands;  ///< in `operands`
  ir::tensor_type type;
  ir::range name;                    ///< of a parameter, in `text`
  std::int64_t weights_offset = -1;  ///< where steps of the plan read it; -1: only recipes do
  bool is_read = true;
};

/// The load-time part of a plan, as run time sees it.
struct load_view {
  std::span<load_step const> steps;
  std::span<int const> operands;  ///< earlier steps
  std::span<std::int64_t const> words;
  std::span<char const> text;

  std::string_view name_of(load_step const& s) const {
    return {text.data() + s.name.first, static_cast<std::size_t>(s.name.count)};
  }
};

/// The load-time part of a plan of sizes S.
template <sizes S>
struct load_plan {
  std::array<load_step, S.recipes> steps{};
  std::array<int, S.locations> operands{};
  std::array<std::int64_t, S.words> words{};
  std::array<char, S.text> text{};

  constexpr operator load_view() const { return {steps, operands, words, text}; }
};

template <sizes S>
constexpr load_plan<S> load_plan_of(frozen<S> const& from) {
  load_plan<S> to;
  for (std::size_t i = 0; i < S.recipes; ++i) {
    recipe const& r = from.recipes[i];
    load_step& s = to.steps[i];
    s = {.words = r.words,
         .operands = r.operands,
         .type = r.type,
         .name = r.name,
         .weights_offset = r.weights_offset,
         .is_read = r.is_read};
    if (r.op == &ir::parameter_op)
      s.what = load_step::kind::parameter;
    else if (r.op == &ir::constant_op)
      s.what = load_step::kind::constant;
    else
      s.reference = r.op->reference;
  }
  for (std::size_t i = 0; i < S.locations; ++i)
    to.operands[i] = static_cast<int>(from.locations[i].offset);
  to.words = from.words;
  to.text = from.text;
  return to;
}

}  // namespace etch::plan
