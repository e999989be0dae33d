#pragma once

#include <memory>

#include <etch/ir/graph.hpp>
#include <etch/runtime/safetensors.hpp>

#include "random_numbers.hpp"
#include "subject.hpp"

namespace bench {

/// The net op by op, as it is written, on Eigen. The inputs outlive it.
std::unique_ptr<subject> eager_net(etch::ir::graph net, etch::safetensors const& file,
                                   random_inputs const& inputs);

}  // namespace bench
