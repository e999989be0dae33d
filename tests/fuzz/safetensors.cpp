// libFuzzer target: clang++ -fsanitize=fuzzer,address,undefined; start it on corpus/safetensors.

#include <cstddef>
#include <cstdint>
#include <span>

#include "support/use_weights.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  etch_test::use_weights(std::as_bytes(std::span(data, size)));
  return 0;
}
