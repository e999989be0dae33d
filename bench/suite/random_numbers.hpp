#pragma once

#include <cstddef>
#include <vector>

#include <etch/ir/graph.hpp>
#include <etch/runtime/aligned_memory.hpp>

namespace bench {

/// A safetensors file in memory with numbers for every parameter of a model as it is traced. They
/// follow from the parameter's name, so they are the same in every run: uniform, with a standard
/// deviation of 1 / sqrt(inputs of an output); scales are near 1, variances positive, all else
/// small.
std::vector<std::byte> random_weights(etch::ir::graph const& model);

/// Numbers for every input of a model: reals in [-1, 1), integers 0 to 15; the same in every run.
class random_inputs {
 public:
  explicit random_inputs(etch::ir::graph const& model);
  /// The numbers of input i, aligned to 64 bytes.
  void const* at(std::size_t i) const noexcept { return memory_[i].data(); }

 private:
  std::vector<etch::runtime::aligned_memory> memory_;
};

}  // namespace bench
