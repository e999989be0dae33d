#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/ir/dtype.hpp>
#include <etch/runtime/problem_list.hpp>
#include <etch/runtime/storage_type.hpp>

namespace etch::runtime {

static_assert(std::endian::native == std::endian::little,
              "etch: stored_tensor: weights are little-endian, and so must be the machine");

/// A named tensor of a weights file. Its data belong to the file, or to whoever made it.
struct stored_tensor {
  std::string name;
  storage_type type;
  std::vector<std::int64_t> shape;
  std::span<std::byte const> data;  ///< row-major, little-endian, at any address: see `values`

  /// A tensor to be saved: `stored_tensor::of<float>("fc1.bias", {512}, bias)`.
  template <ir::element T>
  [[nodiscard]] static stored_tensor of(std::string name, std::vector<std::int64_t> shape,
                                        std::span<T const> values) {
    return {std::move(name), storage_of(ir::dtype_of<T>), std::move(shape), std::as_bytes(values)};
  }

  /// Number of elements, 1 for a scalar.
  [[nodiscard]] std::size_t elements() const noexcept {
    return type.bits == 0 ? 0 : static_cast<std::size_t>(data.size() * 8ull / type.bits);
  }

  /// Whether the data can be read in place as elements. A file may place them anywhere.
  [[nodiscard]] bool is_aligned() const noexcept {
    return type.bits < 16 || reinterpret_cast<std::uintptr_t>(data.data()) % (type.bits / 8) == 0;
  }

  /// The elements in place, without a copy.
  /// errors  T is not the stored dtype; the data are misaligned; a bool is neither 0 nor 1
  template <ir::element T>
  [[nodiscard]] result<std::span<T const>> values() const {
    if (type.type != ir::dtype_of<T>)
      return refuse(errc::mismatch, "it is " + describe(type, shape) + ", it is read as " +
                                        std::string(to_string(ir::dtype_of<T>)));
    if (!is_aligned())
      return refuse(errc::unsupported, "its data are at an address that is no multiple of " +
                                           std::to_string(sizeof(T)) +
                                           "; convert_to() copies them");
    if constexpr (std::is_same_v<T, bool>) {
      for (std::size_t i = 0; i < data.size(); ++i)
        if (data[i] > std::byte{1})
          return refuse(errc::bad_format, "element " + std::to_string(i) + " is " +
                                              std::to_string(std::to_integer<unsigned>(data[i])) +
                                              ", a bool is 0 or 1");
    }
    return std::span<T const>(reinterpret_cast<T const*>(data.data()), data.size() / sizeof(T));
  }

 private:
  error refuse(errc code, std::string what) const {
    return {code, "etch: weights: " + in_quotes(name) + ": " + what, name};
  }
};

}  // namespace etch::runtime

namespace etch {
using runtime::stored_tensor;
}
