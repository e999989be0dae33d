#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>

namespace etch::core {

/// A growing array that works in constant evaluation and at run time alike. It is plainer than
/// std::vector (no allocator, elements are default constructed ahead), which makes it about twice
/// as fast for the compiler's evaluators.
template <class T>
class list {
 public:
  using value_type = T;

  constexpr list() = default;
  constexpr explicit list(std::size_t count, T const& value = T{}) { resize(count, value); }
  constexpr list(std::initializer_list<T> values) {
    reserve(values.size());
    for (T const& value : values) push_back(value);
  }
  constexpr list(list const& other) { append(other); }
  constexpr list(list&& other) noexcept { swap(other); }
  constexpr list& operator=(list other) noexcept {
    swap(other);
    return *this;
  }
  constexpr ~list() { delete[] data_; }

  constexpr void swap(list& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* data() { return data_; }
  constexpr T const* data() const { return data_; }
  constexpr T* begin() { return data_; }
  constexpr T* end() { return data_ + size_; }
  constexpr T const* begin() const { return data_; }
  constexpr T const* end() const { return data_ + size_; }
  constexpr T& operator[](std::size_t i) { return data_[i]; }
  constexpr T const& operator[](std::size_t i) const { return data_[i]; }
  constexpr T& back() { return data_[size_ - 1]; }
  constexpr T const& back() const { return data_[size_ - 1]; }

  constexpr void clear() { size_ = 0; }
  constexpr void pop_back() { --size_; }

  constexpr void push_back(T const& value) {
    if (size_ == capacity_) return push_back(T(value), grown());
    data_[size_++] = value;
  }
  constexpr void push_back(T&& value) {
    if (size_ == capacity_) return push_back(std::move(value), grown());
    data_[size_++] = std::move(value);
  }

  constexpr void append(list const& other) {
    reserve(size_ + other.size_);
    for (std::size_t i = 0; i < other.size_; ++i) data_[size_ + i] = other.data_[i];
    size_ += other.size_;
  }

  constexpr void resize(std::size_t count, T const& value = T{}) {
    reserve(count);
    for (std::size_t i = size_; i < count; ++i) data_[i] = value;
    size_ = count;
  }

  constexpr void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    T* grown = new T[capacity]{};
    for (std::size_t i = 0; i < size_; ++i) grown[i] = std::move(data_[i]);
    delete[] data_;
    data_ = grown;
    capacity_ = capacity;
  }

  constexpr bool operator==(list const& other) const {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!(data_[i] == other.data_[i])) return false;
    }
    return true;
  }

 private:
  constexpr std::size_t grown() const { return capacity_ < 8 ? 8 : capacity_ * 2; }
  constexpr void push_back(T&& value, std::size_t capacity) {
    reserve(capacity);
    data_[size_++] = std::move(value);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace etch::core
