#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/front/signature.hpp>
#include <etch/plan/plan.hpp>
#include <etch/runtime/aligned_memory.hpp>

namespace etch::runtime {

/// Which state of a plan has that name, or the number of its states.
template <class Net>
consteval std::size_t state_named(std::string_view name) {
  auto const& states = Net::plan.states;
  std::size_t i = 0;
  for (; i < states.size(); ++i) {
    ir::range const at = states[i].name;
    if (std::string_view(Net::plan.text.data() + at.first, static_cast<std::size_t>(at.count)) ==
        name)
      break;
  }
  return i;
}

/// The named check of a state's name.
template <class Net, class Key>
struct state_of {
  static constexpr std::size_t number = state_named<Net>(Key::view());
  static constexpr bool exists = number < Net::plan.states.size();
  static constexpr ir::tensor_type type = [] {
    if constexpr (exists)
      return Net::plan.states[number].at.type;
    else
      return ir::tensor_type{};
  }();
  using tensor = front::tensor_for<type>;
};

/// States that are never anywhere but in their own block.
class own_block {
 protected:
  void fetch(std::byte*) const noexcept {}
};

/// The states of a model, as one block of memory, and what its user may do with them. `Home` brings
/// them there from where calls keep them: fetch(block).
template <class Net, class Home = own_block>
class stateful : protected Home {
 public:
  static constexpr auto state_bytes = static_cast<std::size_t>(Net::plan.state_bytes);

  /// Puts every state back to what the first call found: zeros, or what the weights say.
  void reset() noexcept {
    this->fetch(kept_.data());
    std::memset(kept_.data(), 0, Net::rings.size() * sizeof(std::int64_t));
    for (plan::kept_state const& each : Net::states) {
      auto const bytes = static_cast<std::size_t>(each.at.type.bytes());
      std::byte* const to = kept_.data() + each.at.offset;
      if (each.initial.place == plan::place::weights)
        std::memcpy(to, weights_ + each.initial.offset, bytes);
      else
        std::memset(to, 0, bytes);
    }
  }

  /// All states as one block, in place: who cannot wait for memory copies it to save them.
  std::span<std::byte const, state_bytes> state() const noexcept {
    this->fetch(kept_.data());
    return std::span<std::byte const, state_bytes>(kept_.data(), state_bytes);
  }

  /// A copy of all states, for `restore`.
  std::vector<std::byte> save() const { return {state().begin(), state().end()}; }

  /// Puts back states that were saved from this model, by whatever ran it.
  /// errors  the block has another size or was not saved from this model; nothing is changed then
  result<void> restore(std::span<std::byte const> saved) {
    if (saved.size() != state_bytes)
      return error{errc::invalid_argument,
                   "etch: session: the saved state has " + std::to_string(saved.size()) +
                       " bytes, the model's has " + std::to_string(state_bytes),
                   {}};
    for (std::size_t i = 0; i < Net::rings.size(); ++i) {
      std::int64_t cursor;
      std::memcpy(&cursor, saved.data() + i * sizeof cursor, sizeof cursor);
      if (cursor < 0 || cursor >= Net::rings[i].bytes || cursor % Net::rings[i].row_bytes != 0)
        return error{errc::invalid_argument,
                     "etch: session: the saved state was not saved from this model: position " +
                         std::to_string(cursor) + " of a history of " +
                         std::to_string(Net::rings[i].bytes) + " bytes",
                     {}};
    }
    this->fetch(kept_.data());
    std::copy(saved.begin(), saved.end(), kept_.data());
    return {};
  }

  /// The numbers of one state, to read and to write: `run.state("h"_t)[0]`.
  template <class Key>
  auto state(Key) noexcept {
    using found = state_of<Net, Key>;
    static_assert(found::exists, "etch: session: the model has no state of that name");
    using tensor = typename found::tensor;
    constexpr auto elements = static_cast<std::size_t>(tensor::elements);
    std::byte* at = kept_.data();
    this->fetch(at);
    if constexpr (found::exists) {
      constexpr plan::location kept = Net::plan.states[found::number].at;
      at += kept.offset;
      if constexpr (kept.ring >= 0)
        rewind(kept.ring, at, elements * sizeof(typename tensor::value_type));
    }
    return std::span<typename tensor::value_type, elements>(
        reinterpret_cast<typename tensor::value_type*>(at), elements);
  }

 protected:
  /// `weights` live as long as this.
  void begin_states(std::byte const* weights) noexcept {
    weights_ = weights;
    reset();
  }
  std::byte* kept_states() const noexcept { return kept_.data(); }

 private:
  /// Brings the rows that a ring keeps to its start.
  void rewind(int ring, std::byte* start, std::size_t bytes) noexcept {
    std::int64_t cursor;
    std::byte* const from = kept_.data() + ring * static_cast<int>(sizeof cursor);
    std::memcpy(&cursor, from, sizeof cursor);
    std::memmove(start, start + cursor, bytes);
    std::memset(from, 0, sizeof cursor);
  }

  aligned_memory kept_{state_bytes};
  std::byte const* weights_ = nullptr;
};

}  // namespace etch::runtime
