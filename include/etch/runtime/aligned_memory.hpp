#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace etch::runtime {

/// Owned bytes at an address that is a multiple of 64; zeros at first.
class aligned_memory {
 public:
  static constexpr std::size_t alignment = 64;

  aligned_memory() = default;
  explicit aligned_memory(std::size_t bytes)
      : bytes_(static_cast<std::byte*>(
            ::operator new (bytes == 0 ? 1 : bytes, std::align_val_t{alignment}))) {
    for (std::size_t i = 0; i < bytes; ++i) bytes_.get()[i] = std::byte{0};
  }

  std::byte* data() const noexcept { return bytes_.get(); }

 private:
  struct free_aligned {
    void operator()(std::byte* p) const noexcept {
      ::operator delete (p, std::align_val_t{alignment});
    }
  };
  std::unique_ptr<std::byte[], free_aligned> bytes_;
};

}  // namespace etch::runtime
