#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <etch/core/list.hpp>

namespace etch::core {

/// Mixes one word into a running 64-bit hash.
constexpr std::uint64_t hash_mix(std::uint64_t seed, std::uint64_t word) {
  seed = (seed ^ word) * 0x9E3779B97F4A7C15ull;
  return seed ^ (seed >> 29);
}

constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return hash;
}

/// Finds what was added before under an equal hash: open addressing, linear probing. The caller
/// decides equality, so the index stores ids alone.
class hash_index {
 public:
  static constexpr int none = -1;

  /// The id for which `same(id)` holds, or `none`.
  template <class Same>
  constexpr int find(std::uint64_t hash, Same const& same) const {
    if (slots_.empty()) return none;
    std::size_t const last = slots_.size() - 1;
    for (std::size_t i = hash & last; slots_[i].id != none; i = (i + 1) & last) {
      if (slots_[i].hash == hash && same(slots_[i].id)) return slots_[i].id;
    }
    return none;
  }

  constexpr void add(std::uint64_t hash, int id) {
    if (2 * (count_ + 1) > slots_.size()) grow();
    place({hash, id});
    ++count_;
  }

 private:
  struct slot {
    std::uint64_t hash = 0;
    int id = none;
  };

  constexpr void place(slot const& added) {
    std::size_t const last = slots_.size() - 1;
    std::size_t i = added.hash & last;
    while (slots_[i].id != none) i = (i + 1) & last;
    slots_[i] = added;
  }

  constexpr void grow() {
    list<slot> before = slots_;
    slots_ = list<slot>(before.empty() ? 16 : before.size() * 2);
    for (slot const& each : before) {
      if (each.id != none) place(each);
    }
  }

  list<slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace etch::core
