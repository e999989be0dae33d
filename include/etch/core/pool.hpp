#pragma once

#include <cstddef>

#include <etch/core/list.hpp>

namespace etch::core {

/// A list that copies share and that only grows: who holds a range of it keeps that range, whatever
/// other holders append. So a graph and what a pass makes of it need no copies of names and
/// attributes. Works in constant evaluation; not for several threads at once.
template <class T>
class pool {
 public:
  constexpr pool() = default;
  constexpr pool(pool const& other) : shared_(other.shared_) {
    if (shared_) ++shared_->owners;
  }
  constexpr pool(pool&& other) noexcept : shared_(other.shared_) { other.shared_ = nullptr; }
  constexpr pool& operator=(pool other) noexcept {
    block* const mine = shared_;
    shared_ = other.shared_;
    other.shared_ = mine;
    return *this;
  }
  constexpr ~pool() {
    if (shared_ && --shared_->owners == 0) delete shared_;
  }

  constexpr std::size_t size() const { return shared_ ? shared_->items.size() : 0; }
  constexpr T const* data() const { return shared_ ? shared_->items.data() : nullptr; }
  constexpr T const& operator[](std::size_t i) const { return shared_->items[i]; }

  constexpr void push_back(T value) {
    if (!shared_) shared_ = new block;
    shared_->items.push_back(static_cast<T&&>(value));
  }

 private:
  struct block {
    list<T> items;
    int owners = 1;
  };
  block* shared_ = nullptr;
};

}  // namespace etch::core
