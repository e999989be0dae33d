#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "shapes.hpp"
#include "suite/workload.hpp"

namespace bench {

// Nets of one step each, whose inputs lie as the kernel wants them.
std::vector<workload> gemm_kernels();
std::vector<workload> conv2d_kernels();
std::vector<workload> depthwise_kernels();
std::vector<workload> row_kernels();
std::vector<workload> math_kernels();

/// numbers("x", 3, 4) is "3x4".
template <class... Numbers>
std::string numbers(char const* between, int first, Numbers... rest) {
  std::string text = std::to_string(first);
  ((text += between, text += std::to_string(rest)), ...);
  return text;
}

/// make(0), make(1), ... for each of `Count` sizes, the number as a constant.
template <std::size_t Count, class Make>
std::vector<workload> for_each_size(Make const& make) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::vector<workload>{make(std::integral_constant<std::size_t, I>{})...};
  }
  (std::make_index_sequence<Count>{});
}

}  // namespace bench
