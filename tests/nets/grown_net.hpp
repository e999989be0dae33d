#pragma once

#include <etch/eager/interpreter.hpp>
#include <etch/etch.hpp>
#include <etch/ir/print.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/grow_graph.hpp"
#include "support/random_values.hpp"

namespace etch_test {

/// A random graph as a model: compiled, planned and run by the kernels like one that was written.
template <std::uint64_t Seed, ir::dtype Type,
          etch::plan::tile_policy Tiles = etch::plan::tile_policy{}>
struct grown {
  static constexpr ir::graph before() { return grow_graph(Seed, {.type = Type, .most_nodes = 14}); }

  struct net {
    static constexpr etch::plan::plan make() {
      return etch::plan::build(
          etch::passes::standard::run(
              before(), 1000, [](std::string_view) { return true; }, [](auto const&...) {}),
          {.depth_first = Tiles});
    }
    static constexpr etch::plan::sizes room = etch::plan::guess(before());
    static constexpr auto draft = etch::plan::draft_of<room>(make());
    static constexpr auto plan = etch::plan::freeze<draft.used>(draft.plan);
    static_assert(etch::plan::fits(draft.used, room));
  };
};

namespace detail {

/// A block with a margin that nobody may write to.
class guarded_block {
 public:
  explicit guarded_block(std::int64_t bytes)
      : bytes_(static_cast<std::size_t>(bytes)), memory_(bytes_ + margin) {
    std::memset(memory_.data(), 0xff, bytes_ + margin);  // NaN in every dtype that has one
  }
  std::byte* data() { return memory_.data(); }
  bool is_intact() const {
    for (std::size_t i = 0; i < margin; ++i) {
      if (memory_.data()[bytes_ + i] != std::byte{0xff}) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t margin = 256;
  std::size_t bytes_;
  etch::runtime::aligned_memory memory_;
};

inline std::vector<etch::eager::tensor> random_inputs(ir::graph const& g, std::uint64_t seed) {
  std::vector<etch::eager::tensor> inputs;
  for (ir::node_id in : g.inputs) inputs.push_back(random_tensor(g[in].type, seed + inputs.size()));
  return inputs;
}

/// What the graph means.
inline std::vector<etch::eager::tensor> meaning_of(ir::graph const& g, std::uint64_t seed,
                                                   std::vector<etch::eager::tensor> const& inputs) {
  etch::eager::interpreter run(g, etch::eager::arithmetic::reference);
  for (ir::node_id id : run.parameters())
    run.bind(g.name_of(id), random_parameter(g[id].type, g.name_of(id), seed));
  return run(inputs);
}

/// Packs random parameters as `load` packs those of a file.
inline void pack_weights(etch::plan::load_view const& plan, std::uint64_t seed, std::byte* block) {
  std::vector<etch::eager::tensor> values;
  std::vector<etch::stored_tensor> stored;
  for (auto const& wanted : etch::runtime::wanted_by(plan)) {
    ir::tensor_type type{wanted.type, {}};
    for (std::int64_t extent : wanted.shape) type.shape.push_back(extent);
    values.push_back(random_parameter(type, wanted.name, seed));
    stored.push_back({std::string(wanted.name),
                      etch::runtime::storage_of(wanted.type),
                      {wanted.shape.begin(), wanted.shape.end()},
                      {static_cast<std::byte const*>(values.back().data()),
                       static_cast<std::size_t>(type.bytes())}});
  }
  std::vector<etch::stored_tensor const*> found;
  for (auto const& each : stored) found.push_back(&each);
  etch::runtime::run_recipes(plan, found, block).value_or_throw();
}

}  // namespace detail

/// Runs the kernels of a random graph twice: the results are what the graph means, the same bits
/// twice, and nothing is written outside of the workspace.
template <std::uint64_t Seed, ir::dtype Type,
          etch::plan::tile_policy Tiles = etch::plan::tile_policy{}>
void check_grown(double tolerance) {
  using model = grown<Seed, Type, Tiles>;
  auto const& plan = model::net::plan;
  ir::graph const graph = model::before();
  auto const inputs = detail::random_inputs(graph, Seed);
  auto const expected = detail::meaning_of(graph, Seed, inputs);
  CAPTURE(Seed, ir::to_text(graph));

  detail::guarded_block weights(plan.weights_bytes), workspace(plan.workspace_bytes);
  detail::pack_weights(etch::plan::load_plan_of(plan), Seed, weights.data());
  CHECK(weights.is_intact());
  std::vector<void const*> addresses;
  for (auto const& in : inputs) addresses.push_back(in.data());
  etch::lower::memory const memory{workspace.data(), weights.data(), addresses.data(),
                                   &etch::runtime::run_reference<typename model::net>};
  for (int turn = 0; turn < 2; ++turn) {
    etch::lower::run<typename model::net>(memory);
    CHECK(workspace.is_intact());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      etch::plan::location const& at = plan.outputs[i];
      CAPTURE(turn, i);
      REQUIRE(at.type == expected[i].type());
      void const* const data =
          at.place == etch::plan::place::input     ? addresses[static_cast<std::size_t>(at.offset)]
          : at.place == etch::plan::place::weights ? weights.data() + at.offset
                                                   : workspace.data() + at.offset;
      CHECK(difference(expected[i], etch::eager::tensor::borrow(at.type, data)) <= tolerance);
    }
  }
}

template <ir::dtype Type, std::uint64_t First,
          etch::plan::tile_policy Tiles = etch::plan::tile_policy{}, std::size_t... I>
void check_all_grown(double tolerance, std::index_sequence<I...>) {
  (check_grown<First + I, Type, Tiles>(tolerance), ...);
}

}  // namespace etch_test
