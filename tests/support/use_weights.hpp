#pragma once

#include <etch/runtime/safetensors.hpp>
#include <etch/runtime/weight_report.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

namespace etch_test {

/// Stops the program, so that a fuzzer sees it too, when what a parsed file promises is not so.
inline void demand(bool holds, char const* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

/// Reads `bytes` as a safetensors file and, if it is one, all of its data in every way there is.
/// Returns whether it is one.
inline bool use_weights(std::span<std::byte const> bytes) {
  using namespace etch;
  static constexpr std::array<std::int64_t, 2> shape{2, 3};
  static constexpr std::array wanted{wanted_weight{"w", ir::dtype::f32, shape},
                                     wanted_weight{"fc1.weight", ir::dtype::f64, shape}};
  auto file = safetensors::from_memory(bytes, "fuzzed");
  if (!file) {
    demand(file.error().text.starts_with("etch: safetensors: 'fuzzed': "), "errors say who");
    demand(file.error().text.size() < 16'000, "a report is short");
    return false;
  }
  std::size_t total = 0;
  std::vector<std::byte> copy;
  for (stored_tensor const& tensor : file->tensors()) {
    demand(file->find(tensor.name) == &tensor, "a tensor is found by its name");
    demand(runtime::bytes_of(tensor.type, tensor.shape) == tensor.data.size(),
           "data are as long as dtype and shape say");
    demand(tensor.data.data() >= bytes.data() &&
               tensor.data.data() + tensor.data.size() <= bytes.data() + bytes.size(),
           "data lie within the file");
    total += tensor.data.size();
    demand(count_nan(tensor) <= tensor.elements(), "NaN are elements");
    for (ir::dtype target : {ir::dtype::f32, ir::dtype::f64, ir::dtype::bool_}) {
      copy.resize(tensor.elements() * ir::size_of(target));
      static_cast<void>(convert_to(tensor, target, copy));
    }
    if (auto floats = tensor.values<float>())
      demand(floats->size() == tensor.elements(), "all elements are read");
    static_cast<void>(tensor.values<bool>().has_value());
  }
  demand(total < bytes.size(), "no byte belongs to two tensors");
  auto found = match_weights(*file, wanted, {.refuse_nan = true});
  if (found) {
    for (auto const* tensor : *found) demand(tensor && tensor->elements() == 6, "a match matches");
  } else {
    demand(found.error().text.starts_with("etch: load: 'fuzzed': "), "errors say who");
  }
  return true;
}

}  // namespace etch_test
