#pragma once

#include <cstdint>

#include <etch/core/list.hpp>

namespace etch::plan {

/// Offsets in one block of memory for buffers that come and go: best fit among the gaps, growing
/// at the end where none fits. Offsets and sizes are multiples of 64 bytes.
class arena {
 public:
  static constexpr std::int64_t alignment = 64;

  static constexpr std::int64_t aligned(std::int64_t bytes) {
    return (bytes + alignment - 1) / alignment * alignment;
  }

  constexpr std::int64_t take(std::int64_t bytes) {
    bytes = aligned(bytes);
    live_ += bytes;
    if (live_ > most_live_) most_live_ = live_;
    std::size_t best = gaps_.size();
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      if (gaps_[i].bytes >= bytes && (best == gaps_.size() || gaps_[i].bytes < gaps_[best].bytes))
        best = i;
    }
    if (best < gaps_.size()) {
      std::int64_t const offset = gaps_[best].offset;
      gaps_[best].offset += bytes;
      gaps_[best].bytes -= bytes;
      if (gaps_[best].bytes == 0) remove(best);
      return offset;
    }
    // The gap that ends where the block ends can grow.
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      if (gaps_[i].offset + gaps_[i].bytes != end_) continue;
      std::int64_t const offset = gaps_[i].offset;
      end_ = offset + bytes;
      remove(i);
      return offset;
    }
    std::int64_t const offset = end_;
    end_ += bytes;
    return offset;
  }

  constexpr void give_back(std::int64_t offset, std::int64_t bytes) {
    gap freed{offset, aligned(bytes)};
    live_ -= freed.bytes;
    for (std::size_t i = 0; i < gaps_.size();) {
      bool const before = gaps_[i].offset + gaps_[i].bytes == freed.offset;
      bool const behind = freed.offset + freed.bytes == gaps_[i].offset;
      if (!before && !behind) {
        ++i;
        continue;
      }
      if (before) freed.offset = gaps_[i].offset;
      freed.bytes += gaps_[i].bytes;
      remove(i);
    }
    gaps_.push_back(freed);
  }

  constexpr std::int64_t bytes() const { return end_; }
  constexpr std::int64_t most_live() const { return most_live_; }

 private:
  struct gap {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
  };

  constexpr void remove(std::size_t i) {
    gaps_[i] = gaps_.back();
    gaps_.pop_back();
  }

  core::list<gap> gaps_;
  std::int64_t end_ = 0;
  std::int64_t live_ = 0;
  std::int64_t most_live_ = 0;
};

}  // namespace etch::plan
