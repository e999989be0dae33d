#include <type_traits>
#include <utility>

#include <etch/ops/conv1d.hpp>

#include "catch.hpp"

namespace {

using namespace etch;

template <signal_conv Config, class X>
using convolved = decltype(conv1d<6, Config>("c", std::declval<X>()));
template <int Length>
using batch = tensor<float, 2, 6, Length>;  // channels first
template <int Length>
using alone = tensor<float, Length, 6>;  // channels last
template <class A, class B>
inline constexpr bool is = std::is_same_v<A, B>;

using x = tensor<float, 2, 4, 12>;
using x_last = tensor<float, 12, 4>;

}  // namespace

TEST_CASE("conv1d computes the shape of its result", "[ops][conv1d]") {
  STATIC_REQUIRE(is<convolved<signal_conv{.kernel = 3}, x>, batch<10>>);
  STATIC_REQUIRE(is<convolved<signal_conv{.kernel = 3, .layout = nlc}, x_last>, alone<10>>);
  STATIC_REQUIRE(
      is<convolved<signal_conv{.kernel = 3, .padding = {2, 0}, .dilation = 2}, x>, batch<10>>);
  STATIC_REQUIRE(is<convolved<signal_conv{.kernel = 4, .stride = 5, .padding = 1}, x>, batch<3>>);
  STATIC_REQUIRE(is<convolved<signal_conv{.kernel = 4, .padding = valid}, x>, batch<9>>);
  STATIC_REQUIRE(is<convolved<signal_conv{.kernel = 4, .padding = same}, x>, batch<12>>);
  STATIC_REQUIRE(
      is<convolved<signal_conv{.kernel = 3, .stride = 5, .padding = same, .layout = nlc}, x_last>,
         alone<3>>);
}

TEST_CASE("same padding of a signal has its odd zero behind", "[ops][conv1d]") {
  front::recorder r;
  x_last const signal(r, ir::add_input(r.graph, ir::f32(12, 4)));
  conv1d<6, signal_conv{.kernel = 4, .padding = same, .layout = nlc}>("c", signal);
  int pads = 0;
  for (ir::node_id id = 0; id < r.graph.size(); ++id) {
    if (r.graph[id].op != &ir::info_of<ops::pad>) continue;
    auto const a = r.graph.attrs_of<ops::pad::attrs>(id);
    CHECK(a.before == core::ints<6>{1, 0});
    CHECK(a.after == core::ints<6>{2, 0});
    ++pads;
  }
  CHECK(pads == 1);
}
