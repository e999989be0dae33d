#include <etch/front/recorder.hpp>

#include <string>

#include "catch.hpp"

namespace {

using namespace etch;

constexpr bool a_name_is_one_parameter() {
  front::recorder to;
  auto const first = to.parameter(ir::f32(4), "fc.weight");
  auto const other = to.parameter(ir::f32(4), "fc.bias");
  return to.parameter(ir::f32(4), "fc.weight") == first && first != other && to.graph.size() == 2;
}

constexpr bool many_names_are_found() {
  front::recorder to;
  for (int i = 0; i < 100; ++i) to.parameter(ir::f32(2), (path("h") / i / "w").view());
  for (int i = 99; i >= 0; --i) {
    if (to.parameter(ir::f32(2), (path("h") / i / "w").view()) != i) return false;
  }
  return to.graph.size() == 100;
}

constexpr bool a_pending_parameter_joins_where_it_is_used() {
  front::recorder to;
  tensor<float, 2> const x(to, ir::add_input(to.graph, ir::f32(2)));
  auto const pending = parameter<double, 3>("w");
  if (to.graph.size() != 1) return false;
  auto const joined = front::as_tensor(pending, to);
  auto const again = parameter<double, 3>("w", x);
  static_assert(std::is_same_v<decltype(again), tensor<double, 3> const>);
  return joined.id() == 1 && again.id() == 1 && to.graph.name_of(1) == "w" &&
         to.graph[1].type == tensor<double, 3>::type;
}

constexpr bool the_first_tensor_gives_the_recording() {
  front::recorder to;
  tensor<float, 2> const x(to, 0);
  auto const w = parameter<float, 2>("w");
  return &front::recording_of(w, x) == &to && &front::recording_of(2.0f, w, x) == &to &&
         &front::recording_of(x, w) == &to;
}

template <class Act>
std::string problem(Act act) {
  front::recorder to;
  try {
    act(to);
  } catch (char const* text) {
    return text;
  }
  return "";
}

}  // namespace

TEST_CASE("the same name is the same parameter", "[front][recorder]") {
  STATIC_REQUIRE(a_name_is_one_parameter());
  REQUIRE(a_name_is_one_parameter());
  STATIC_REQUIRE(many_names_are_found());
  REQUIRE(many_names_are_found());
}

TEST_CASE("a pending parameter joins the recording it is used in", "[front][recorder]") {
  STATIC_REQUIRE(a_pending_parameter_joins_where_it_is_used());
  REQUIRE(a_pending_parameter_joins_where_it_is_used());
}

TEST_CASE("the recording is that of the first tensor", "[front][recorder]") {
  STATIC_REQUIRE(the_first_tensor_gives_the_recording());
  REQUIRE(the_first_tensor_gives_the_recording());
}

TEST_CASE("a parameter has a name, one shape and one dtype", "[front][recorder]") {
  auto const two = "etch: parameter: one name is used with two shapes or dtypes";
  REQUIRE(problem([](front::recorder& to) { to.parameter(ir::f32(1), ""); }) ==
          "etch: parameter: the name is empty");
  REQUIRE(problem([](front::recorder& to) {
            to.parameter(ir::f32(4), "w");
            to.parameter(ir::f32(5), "w");
          }) == two);
  REQUIRE(problem([](front::recorder& to) {
            to.parameter(ir::f32(4), "w");
            to.parameter({dtype::f64, ir::shape(4)}, "w");
          }) == two);
}
