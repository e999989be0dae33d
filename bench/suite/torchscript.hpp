#pragma once

#include <string>
#include <vector>

#include <etch/ir/graph.hpp>

namespace bench {

/// A net as the source of a TorchScript module: its parameters are attributes of the module, p<id>
/// by the number of their node, its literals too.
struct torchscript {
  std::string source;  ///< of `forward`
  std::vector<etch::ir::node_id> parameters;
  std::vector<etch::ir::node_id> literals;
  std::string left_out;  ///< why there is no source: what has no counterpart here
};

/// The source of a net as it is written.
torchscript torchscript_of(etch::ir::graph const& net);

}  // namespace bench
