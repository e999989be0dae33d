#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include <etch/ir/op_info.hpp>

namespace etch::eager {

/// A value of the interpreter: numbers of a dtype and shape known at run time, row-major and dense.
/// Copies share the elements, so a reshape costs nothing; write only to what you have just made.
class tensor {
 public:
  static constexpr std::size_t alignment = 64;

  tensor() = default;
  /// Room for the elements, aligned to 64 bytes; what they are is not said.
  explicit tensor(ir::tensor_type const& type)
      : type_(type), elements_(take(static_cast<std::size_t>(type.bytes())), free_aligned{}) {}

  /// A copy of `values`.
  template <ir::element T>
  static tensor of(ir::shape const& shape, std::span<T const> values) {
    tensor made({ir::dtype_of<T>, shape});
    std::copy_n(values.data(), values.size(), static_cast<T*>(made.elements_.get()));
    return made;
  }

  /// The caller's numbers, not copied: they outlive the tensor and its copies.
  static tensor borrow(ir::tensor_type const& type, void const* data) {
    tensor made;
    made.type_ = type;
    made.elements_ = std::shared_ptr<void>(std::shared_ptr<void>(), const_cast<void*>(data));
    return made;
  }

  /// The same elements under another shape of as many.
  tensor viewed_as(ir::tensor_type const& type) const {
    tensor same = *this;
    same.type_ = type;
    return same;
  }

  /// False for a tensor that was made without a type.
  bool has_value() const noexcept { return elements_ != nullptr; }
  ir::tensor_type const& type() const noexcept { return type_; }
  void const* data() const noexcept { return elements_.get(); }
  void* data() noexcept { return elements_.get(); }
  ir::tensor_ref ref() const noexcept { return {elements_.get(), type_}; }

  /// The elements; T is the C++ type of the dtype.
  template <ir::element T>
  std::span<T const> values() const noexcept {
    return {static_cast<T const*>(data()), static_cast<std::size_t>(type_.elements())};
  }
  template <ir::element T>
  std::span<T> values() noexcept {
    return {static_cast<T*>(data()), static_cast<std::size_t>(type_.elements())};
  }

 private:
  struct free_aligned {
    void operator()(void* p) const noexcept { ::operator delete (p, std::align_val_t{alignment}); }
  };
  static void* take(std::size_t bytes) {
    return ::operator new (bytes == 0 ? 1 : bytes, std::align_val_t{alignment});
  }

  ir::tensor_type type_;
  std::shared_ptr<void> elements_;
};

}  // namespace etch::eager
