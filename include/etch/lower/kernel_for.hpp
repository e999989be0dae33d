#pragma once

#include <etch/core/isa.hpp>
#include <etch/ir/op_info.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

/// From the name of a kernel to its code: the second door from the planner's values. Each
/// specialisation has `run<Net, S, Arch>(out, scratch, in)`, which calls the kernel for step S;
/// those that plan::can_split names take a kernels::share or kernels::whole as a last argument.
template <ir::op_key Key>
struct kernel_for;

}  // namespace ETCH_ISA
}  // namespace etch::lower
