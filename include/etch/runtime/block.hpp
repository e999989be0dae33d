#pragma once

#include <cstddef>
#include <span>

namespace etch::runtime {

/// The numbers of a result whose size the call decides: valid until the next call.
template <class Tensor>
using block_of = std::span<typename Tensor::value_type const>;

/// Numbers of any type.
struct untyped_block {
  void const* data;
  std::size_t size;
  template <class T>
  operator std::span<T const>() const noexcept {
    return {static_cast<T const*>(data), size};
  }
};

}  // namespace etch::runtime
