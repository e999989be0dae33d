#pragma once

#include <etch/lower/program.hpp>

namespace etch::lower {

/// The type of operand I of step S.
template <class Net, int S, int I>
inline constexpr ir::tensor_type operand_type =
    Net::plan.operand(Net::plan.steps[static_cast<std::size_t>(S)], I).type;

template <class Net, int S>
inline constexpr plan::step step_at = Net::plan.steps[static_cast<std::size_t>(S)];

template <class Net, int S>
using result_element = element_of_t<step_at<Net, S>.result.type.dtype>;

inline namespace ETCH_ISA {

/// The bias is the third operand, where there is one.
template <class T, bool Has>
ETCH_INLINE T const* bias_of(void const* const* in) noexcept {
  if constexpr (Has)
    return static_cast<T const*>(in[2]);
  else
    return nullptr;
}

}  // namespace ETCH_ISA
}  // namespace etch::lower
