#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <etch/front/tensor.hpp>

namespace etch {

/// Numbers of a tensor somewhere in memory, row-major and dense. Owns nothing.
template <class Tensor>
class view {
 public:
  using value_type = typename Tensor::value_type;
  static constexpr ir::tensor_type type = Tensor::type;
  static constexpr std::size_t elements = static_cast<std::size_t>(Tensor::elements);

  constexpr explicit view(value_type const* data) noexcept : data_(data) {}

  constexpr value_type const* data() const noexcept { return data_; }
  constexpr value_type const* begin() const noexcept { return data_; }
  constexpr value_type const* end() const noexcept { return data_ + elements; }
  static constexpr std::size_t size() noexcept { return elements; }

  /// Element i in row-major order.
  constexpr value_type operator[](std::size_t i) const noexcept { return data_[i]; }

  /// The element at (i, j, ...), one index for each axis.
  template <class... I>
  requires(sizeof...(I) == static_cast<std::size_t>(Tensor::rank)) constexpr value_type operator()(
      I... index) const noexcept {
    std::size_t offset = 0;
    int axis = 0;
    ((offset =
          offset * static_cast<std::size_t>(type.shape[axis++]) + static_cast<std::size_t>(index)),
     ...);
    return data_[offset];
  }

  constexpr operator std::span<value_type const, elements>() const noexcept {
    return std::span<value_type const, elements>(data_, elements);
  }

 private:
  value_type const* data_;
};

/// An argument of a session's call: as many numbers as the model's tensor has. std::array, C
/// arrays, views and spans of that size convert by themselves; a wrong size or dtype does not
/// compile. For memory whose size the compiler cannot see, say so: `input<...>::at(pointer)`.
template <class Tensor>
class input {
 public:
  using value_type = typename Tensor::value_type;
  static constexpr std::size_t elements = static_cast<std::size_t>(Tensor::elements);

  constexpr input(std::span<value_type const, elements> numbers) noexcept : data_(numbers.data()) {}
  constexpr input(std::array<value_type, elements> const& numbers) noexcept
      : data_(numbers.data()) {}
  constexpr input(value_type const (&numbers)[elements]) noexcept : data_(numbers) {}
  constexpr input(view<Tensor> numbers) noexcept : data_(numbers.data()) {}

  /// `data` points at `elements` numbers.
  static constexpr input at(value_type const* data) noexcept {
    return input(std::span<value_type const, elements>(data, elements));
  }

  constexpr value_type const* data() const noexcept { return data_; }

 private:
  value_type const* data_;
};

}  // namespace etch
