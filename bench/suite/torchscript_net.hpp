#pragma once

#include <memory>
#include <string>

#include <etch/ir/graph.hpp>
#include <etch/runtime/safetensors.hpp>

#include "random_numbers.hpp"
#include "subject.hpp"

namespace bench {

/// The net as a frozen TorchScript module on libtorch, on one thread. The inputs outlive it. Null
/// where `left_out` says why: the program was built without libtorch, or the net has something that
/// is not written as TorchScript.
std::unique_ptr<subject> torchscript_net(etch::ir::graph const& net, etch::safetensors const& file,
                                         random_inputs const& inputs, std::string& left_out);

}  // namespace bench
