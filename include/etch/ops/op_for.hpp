#pragma once

#include <etch/ir/op_info.hpp>

namespace etch {

/// From the name of an operator back to its type: the planner's values become code through this
/// door. Each op file ends with one specialisation:
/// `template <> struct op_for<ops::relu::key> : std::type_identity<ops::relu> {};`
template <ir::op_key Key>
struct op_for;

}  // namespace etch
