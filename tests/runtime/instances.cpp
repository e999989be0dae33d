#include <array>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"
#include "support/random_net.hpp"

// Instances of a model in one call, against sessions of their own.

namespace {

using namespace etch;
using namespace etch_test;

/// A state that is a ring, one that is not, one that begins with a weight, a step in plain loops,
/// an input that is handed out, and results of two dtypes.
inline constexpr auto joint = [](named<"x", tensor<float, 1, 3>> x,
                                 named<"ticks", tensor<int, 2>> ticks) {
  state<float, 1, 4> h("h", x, parameter<float, 1, 4>("h0"));
  auto const seen = causal_conv1d<5, signal_conv{.kernel = 3}>("conv", x);
  h = tanh(linear<4>("in", lstm<6>("lstm", seen)) + linear<4>("rec", h));
  return outputs("y"_t = linear<2>("out", h), "turns"_t = sum<0>(ticks), "x"_t = x * 1.0f);
};
using Joint = model<joint>;
constexpr std::size_t count = 3;
using Joints = instances<Joint, 3>;

std::array<weights<Joint>, count> own_weights() {
  return {random_weights<Joint>(1), random_weights<Joint>(2), random_weights<Joint>(3)};
}

struct call_inputs {
  std::array<float, 3 * count> x{};
  std::array<int, 2 * count> ticks{};
};
call_inputs inputs_of(int call) {
  call_inputs in;
  for (std::size_t i = 0; i < in.x.size(); ++i)
    in.x[i] = std::sin(1.3f * static_cast<float>(call) + static_cast<float>(i));
  for (std::size_t i = 0; i < in.ticks.size(); ++i) in.ticks[i] = call + static_cast<int>(i * i);
  return in;
}

/// The number of instances whose results in a call are not those of their sessions.
template <std::size_t... I>
int differences(Joints& all, std::array<session<Joint>, count>& alone, int call,
                std::index_sequence<I...>) {
  call_inputs const in = inputs_of(call);
  auto const found = all("ticks"_t = in.ticks, "x"_t = in.x);
  auto const differs = [&](std::size_t i) {
    auto const y = alone[i](input<tensor<float, 1, 3>>::at(in.x.data() + 3 * i),
                            input<tensor<int, 2>>::at(in.ticks.data() + 2 * i));
    auto const same = [&](auto key) {
      auto const one = y[key];
      return std::memcmp(one.data(), found[key].data() + i * one.size(),
                         one.size() * sizeof(one[0])) == 0;
    };
    return same("y"_t) && same("turns"_t) && same("x"_t) ? 0 : 1;
  };
  return (differs(I) + ...);
}
int differences(Joints& all, std::array<session<Joint>, count>& alone, int call) {
  return differences(all, alone, call, std::make_index_sequence<count>{});
}

std::array<session<Joint>, count> sessions_of(std::array<weights<Joint>, count> const& own) {
  return {session<Joint>{own[0]}, session<Joint>{own[1]}, session<Joint>{own[2]}};
}

}  // namespace

TEST_CASE("instances with weights of their own have the bits of sessions", "[runtime][instances]") {
  auto const own = own_weights();
  Joints all{own};
  auto alone = sessions_of(own);
  for (int call = 0; call < 12; ++call) CHECK(differences(all, alone, call) == 0);
  auto const y = all(inputs_of(0).x, inputs_of(0).ticks);
  CHECK(y["y"_t](0, 0, 0) != y["y"_t](1, 0, 0));
  CHECK(y["turns"_t](2) == y["turns"_t][2]);
}

TEST_CASE("each instance is reset, saved, restored and changed alone",
          "[runtime][instances][state]") {
  auto const own = own_weights();
  Joints all{own};
  auto alone = sessions_of(own);
  for (int call = 0; call < 5; ++call) differences(all, alone, call);

  all[1].reset();
  CHECK(differences(all, alone, 5) == 1);
  for (int call = 0; call < 6; ++call) differences(all, alone, call);
  alone[1].reset();
  all[1].reset();
  CHECK(differences(all, alone, 6) == 0);

  auto const saved = all[2].save();
  CHECK(differences(all, alone, 7) == 0);
  REQUIRE(all[2].restore(saved));
  REQUIRE(alone[2].restore(saved));  // of an instance, for a session
  CHECK(differences(all, alone, 8) == 0);
  CHECK(!all[0].restore(std::span(saved).first(3)));
  CHECK(differences(all, alone, 9) == 0);

  all[0].state("h"_t)[2] = 0.5f;
  CHECK(differences(all, alone, 10) == 1);
  all.reset();
  for (auto& each : alone) each.reset();
  CHECK(differences(all, alone, 11) == 0);

  Joints moved = std::move(all);
  CHECK(differences(moved, alone, 12) == 0);
}

TEST_CASE("instances may share their weights", "[runtime][instances]") {
  auto const shared = random_weights<Joint>(4);
  Joints all{shared};
  auto alone = sessions_of({shared, shared, shared});
  for (int call = 0; call < 4; ++call) CHECK(differences(all, alone, call) == 0);
}
