#pragma once

#include <cstdint>

#include <etch/plan/plan.hpp>

namespace etch::plan {

/// Whether a kernel can do a part of its work, so that threads share it.
constexpr bool can_split(ir::op_key const& kernel) {
  for (ir::op_key const& each :
       {ir::op_key("elementwise"), ir::op_key("gemm"), ir::op_key("matmul"), ir::op_key("conv2d"),
        ir::op_key("winograd"), ir::op_key("depthwise"), ir::op_key("pool2d"),
        ir::op_key("softmax"), ir::op_key("layer_norm"), ir::op_key("rms_norm"),
        ir::op_key("rotary"), ir::op_key("attention"), ir::op_key("reduce"), ir::op_key("gather"),
        ir::op_key("copy"), ir::op_key("cast")})
    if (kernel == each) return true;
  return false;
}

/// Whether it can do so with rows that are counted in the call.
constexpr bool can_split_leading(ir::op_key const& kernel) {
  for (ir::op_key const& each :
       {ir::op_key("elementwise"), ir::op_key("gemm"), ir::op_key("matmul"), ir::op_key("softmax"),
        ir::op_key("layer_norm"), ir::op_key("rms_norm"), ir::op_key("rotary"),
        ir::op_key("attention"), ir::op_key("gather")})
    if (kernel == each) return true;
  return false;
}

/// Whether work is worth several threads: it takes some 5 microseconds on one, several times what
/// threads that wait for work take to hear of it and to report. What the step before left with
/// several threads would also have to come to one of them.
constexpr bool worth_splitting(std::int64_t flops, std::int64_t bytes = 0) {
  return flops >= 1'000'000 || bytes >= 100'000;
}
constexpr bool worth_splitting(step const& s, std::int64_t bytes, bool bounded) {
  return (bounded ? can_split_leading(s.kernel) : can_split(s.kernel)) &&
         worth_splitting(s.flops, bytes);
}

/// How many shares of a large step each thread is handed, one after the other: a thread that is
/// slower does fewer. Each share reads the weights anew, so a share takes half a millisecond or so.
constexpr int turns_of(std::int64_t flops) { return flops >= 200'000'000 ? 2 : 1; }

}  // namespace etch::plan
