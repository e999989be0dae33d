#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include <etch/kernels/strided_copy.hpp>
#include <etch/lower/run.hpp>
#include <etch/plan/own_weights.hpp>
#include <etch/runtime/aligned_memory.hpp>
#include <etch/runtime/results.hpp>
#include <etch/runtime/same_weights.hpp>
#include <etch/runtime/session.hpp>

namespace etch::runtime {

/// Instances in a group: element e of the value of instance i is element e * lanes + i.
inline constexpr int lanes = 16;
/// A group of fewer is not worth its empty lanes: with shared weights, and with own ones.
inline constexpr int least_lanes = 8, least_lanes_of_own = 12;
/// Own weights of more bytes are read faster by one instance after the other.
inline constexpr std::int64_t most_own_bytes = 8 << 10;

/// How many of `count` instances are in groups, of which the last has `least` or more.
constexpr int in_groups(int count, int least) {
  int const rest = count % lanes;
  return rest >= least ? count : count - rest;
}

template <class Net>
using wide_net = typename Net::template side_by_side<lanes>;

/// Whether instances of a model run side by side on the weights of one of them.
template <class Net>
inline constexpr bool fits_side_by_side =
    wide_net<Net>::plan.refused.view().empty() && Net::caches.empty() &&
    same_weights(wide_net<Net>::load, Net::load);

/// The same plan for instances with weights of their own.
template <class Net>
struct wide_net_of_own : wide_net<Net> {
  static constexpr bool weights_by_lane = true;
  static constexpr auto plan = plan::with_own_weights(wide_net<Net>::plan, lanes);
};

/// The states of an instance in a group, of which it has a block of its own only while somebody
/// looks at them.
template <class Net>
class lane_home {
 public:
  /// From now on the instance is that lane of a group, whose states are at `group`.
  void move_in(std::byte* group, std::size_t lane) noexcept {
    group_ = group;
    lane_ = lane;
    is_fetched_ = true;
  }

 protected:
  void fetch(std::byte* block) const noexcept {
    if (group_ == nullptr || is_fetched_) return;
    for_each_state([&](state_at const& at) {
      if (at.ring >= 0) set_cursor(block, at.ring, 0);
      std::byte const* const from = at.in_group + (at.ring >= 0 ? cursor(group_, at.ring) : 0);
      for (std::size_t e = 0; e < at.elements; ++e)
        std::memcpy(block + at.in_block + e * at.bytes, from + e * lanes * at.bytes, at.bytes);
    });
    is_fetched_ = true;
  }

  /// What was fetched, and perhaps changed, to the group.
  void put_back(std::byte const* block) noexcept {
    if (!is_fetched_) return;
    for_each_state([&](state_at const& at) {
      if (at.ring >= 0) {
        put_back_ring(block, at);
      } else {
        for (std::size_t e = 0; e < at.elements; ++e)
          std::memcpy(at.in_group + e * lanes * at.bytes, block + at.in_block + e * at.bytes,
                      at.bytes);
      }
    });
    is_fetched_ = false;
  }

 private:
  struct state_at {
    std::size_t in_block;  ///< its first element in a block
    std::byte* in_group;   ///< its first element in the group, the next ones a group apart
    std::size_t bytes, elements;
    int ring;
  };

  template <class Visit>
  void for_each_state(Visit const& visit) const noexcept {
    for (std::size_t i = 0; i < Net::states.size(); ++i) {
      plan::location const &one = Net::states[i].at, &all = wide_net<Net>::states[i].at;
      std::size_t const bytes = size_of(one.type.dtype);
      visit(state_at{static_cast<std::size_t>(one.offset),
                     group_ + static_cast<std::size_t>(all.offset) + lane_ * bytes, bytes,
                     static_cast<std::size_t>(one.type.elements()), one.ring});
    }
  }

  /// A row of a ring is there twice.
  void put_back_ring(std::byte const* block, state_at const& at) noexcept {
    std::byte const* const from = block + at.in_block + cursor(block, at.ring);
    auto const ring_bytes = wide_net<Net>::rings[static_cast<std::size_t>(at.ring)].bytes;
    for (std::size_t e = 0; e < at.elements; ++e) {
      auto const to = cursor(group_, at.ring) + static_cast<std::int64_t>(e * lanes * at.bytes);
      for (std::int64_t copy : {to % ring_bytes, to % ring_bytes + ring_bytes})
        std::memcpy(at.in_group + copy, from + e * at.bytes, at.bytes);
    }
  }

  /// Where the window of a ring begins, in bytes.
  static std::int64_t cursor(std::byte const* states, int ring) noexcept {
    std::int64_t at;
    std::memcpy(&at, states + ring * static_cast<int>(sizeof at), sizeof at);
    return at;
  }
  static void set_cursor(std::byte* states, int ring, std::int64_t at) noexcept {
    std::memcpy(states + ring * static_cast<int>(sizeof at), &at, sizeof at);
  }

  std::byte* group_ = nullptr;
  std::size_t lane_ = 0;
  mutable bool is_fetched_ = false;
};

/// The groups of the first instances of `Count`: their states, and the code that runs them.
template <class Net, class Arguments, int Count>
class lane_groups;
template <class Net, class... A, int Count>
class lane_groups<Net, front::types<A...>, Count> {
  using wide = wide_net<Net>;
  static constexpr int rest = Count % lanes;

 public:
  /// All instances read the weights there.
  static lane_groups of_shared(std::byte const* weights) {
    lane_groups made(&lower::run<wide>, in_groups(Count, least_lanes));
    made.memory_.weights = weights;
    return made;
  }

  /// The weights of instance i are at weights_of(i); they are copied.
  template <class WeightsOf>
  static lane_groups of_own(WeightsOf const& weights_of) {
    lane_groups made(&lower::run<wide_net_of_own<Net>>, in_groups(Count, least_lanes_of_own));
    made.weights_ = aligned_memory(made.groups() * weight_bytes);
    for (int i = 0; i < made.size(); ++i) made.spread(weights_of(i), i);
    return made;
  }

  /// Instances that are in a group.
  int size() const noexcept { return size_; }

  std::byte* states_of(int group) noexcept { return states_.data() + group * long{state_bytes}; }

  /// Runs all groups. `inputs`: of the first instance, the others behind them; result k of the
  /// first instance goes to `results[k]`.
  ETCH_NO_INLINE void run(void const* const* inputs, std::byte* const* results) noexcept {
    memory_.inputs = from_.data();
    for (int group = 0; group < Count / lanes; ++group) run_group<lanes>(group, inputs, results);
    if constexpr (rest > 0)
      if (size_ == Count) run_group<rest>(Count / lanes, inputs, results);
  }

 private:
  static constexpr auto state_bytes = static_cast<std::size_t>(wide::plan.state_bytes);
  static constexpr std::array<ir::tensor_type, sizeof...(A) + 1> input_types{A::type...};

  static constexpr auto weight_bytes = static_cast<std::size_t>(Net::plan.weights_bytes) * lanes;

  static constexpr bool has_plain_loops = [] {
    for (plan::step const& step : wide::plan.steps) {
      if (step.kernel == ir::op_key("reference")) return true;
    }
    return false;
  }();

  lane_groups(void (*code)(lower::memory const&) noexcept, int size)
      : size_(size),
        workspace_(static_cast<std::size_t>(wide::plan.workspace_bytes)),
        states_(groups() * state_bytes),
        inputs_(input_offset(sizeof...(A))),
        run_(code) {
    for (std::size_t k = 0; k < sizeof...(A); ++k) from_[k] = inputs_.data() + input_offset(k);
    memory_.workspace = workspace_.data();
    if constexpr (has_plain_loops) memory_.run_reference = &run_reference<wide>;
  }

  std::size_t groups() const noexcept {
    return static_cast<std::size_t>((size_ + lanes - 1) / lanes);
  }

  std::byte* weights_of_group(int group) noexcept {
    return weights_.data() + static_cast<std::size_t>(group) * weight_bytes;
  }

  /// Puts the weights of instance i beside those of the others.
  void spread(std::byte const* weights, int i) {
    std::byte* const group = weights_of_group(i / lanes);
    for (plan::load_step const& each : Net::load.steps) {
      if (each.weights_offset < 0) continue;
      std::size_t const bytes = size_of(each.type.dtype);
      auto const first = static_cast<std::size_t>(each.weights_offset);
      auto const elements = static_cast<std::size_t>(each.type.elements());
      for (std::size_t e = 0; e < elements; ++e)
        std::memcpy(
            group + first * lanes + (e * lanes + static_cast<std::size_t>(i % lanes)) * bytes,
            weights + first + e * bytes, bytes);
    }
  }

  static constexpr std::size_t input_offset(std::size_t k) {
    std::size_t offset = 0;
    for (std::size_t i = 0; i < k; ++i)
      offset += (static_cast<std::size_t>(input_types[i].bytes()) * lanes + 63) / 64 * 64;
    return offset;
  }

  template <int Size>
  void run_group(int group, void const* const* inputs, std::byte* const* results) noexcept {
    memory_.state = states_of(group);
    if (weights_.data() != nullptr) memory_.weights = weights_of_group(group);
    bring<Size>(group, inputs, std::make_index_sequence<sizeof...(A)>{});
    run_(memory_);
    hand_out<Size>(group, results, std::make_index_sequence<wide::outputs.size()>{});
  }

  template <int Size, std::size_t... K>
  void bring([[maybe_unused]] int group, [[maybe_unused]] void const* const* inputs,
             std::index_sequence<K...>) noexcept {
    (bring_input<Size, K>(static_cast<std::byte const*>(inputs[K]) +
                          group * lanes * static_cast<std::ptrdiff_t>(input_types[K].bytes())),
     ...);
  }
  template <int Size, std::size_t K>
  void bring_input(std::byte const* from) noexcept {
    constexpr auto elements = static_cast<long>(input_types[K].elements());
    constexpr kernels::copy_shape shape{2, {elements, Size}, {1, elements}, {lanes, 1}};
    kernels::strided_copy<shape, int(size_of(input_types[K].dtype))>(
        from, inputs_.data() + input_offset(K));
  }

  template <int Size, std::size_t... K>
  void hand_out(int group, std::byte* const* results, std::index_sequence<K...>) noexcept {
    (hand_out_result<Size, K>(group, results[K]), ...);
  }
  template <int Size, std::size_t K>
  void hand_out_result(int group, std::byte* to) noexcept {
    constexpr ir::tensor_type type = Net::outputs[K].type;
    constexpr auto elements = static_cast<long>(type.elements());
    constexpr kernels::copy_shape shape{2, {Size, elements}, {1, lanes}, {elements, 1}};
    kernels::strided_copy<shape, int(size_of(type.dtype))>(
        address_of(memory_, wide::outputs[K]),
        to + group * lanes * static_cast<std::ptrdiff_t>(type.bytes()));
  }

  int size_;
  aligned_memory workspace_, states_, inputs_;  // lanes without an instance have zeros
  aligned_memory weights_;                      // of instances that have their own
  void (*run_)(lower::memory const&) noexcept;
  std::array<void const*, sizeof...(A) + 1> from_{};
  lower::memory memory_;
};

}  // namespace etch::runtime
