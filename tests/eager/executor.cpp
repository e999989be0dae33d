#include <etch/eager/executor.hpp>
#include <etch/etch.hpp>
#include <etch/runtime/safetensors_writer.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/scratch_folder.hpp"

namespace {

using namespace etch;

inline constexpr auto affine = [](tensor<float, 1, 2> x) { return linear<3>("fc", x); };
using Affine = model<affine>;

inline constexpr auto two_named = [](named<"a", tensor<float, 2>> a,
                                     named<"b", tensor<double, 2>> b) {
  return outputs("sum"_t = a + a, "root"_t = sqrt(b));
};
using TwoNamed = model<two_named>;

inline constexpr auto pair_of = [](tensor<std::int32_t, 2> i, tensor<float, 3, 1> table) {
  return boost::hana::make_tuple(gather<0>(table, i), relu(table));
};
using PairOf = model<pair_of>;

inline constexpr auto reads_half_of_it = [](tensor<float, 1, 2> x) {
  auto const unused = linear<3>("dead", x);
  static_cast<void>(unused);
  return linear<3>("fc", x);
};
using ReadsHalfOfIt = model<reads_half_of_it>;

std::string written(etch_test::scratch_folder const& folder, std::vector<stored_tensor> tensors) {
  std::string const path = folder / "w.safetensors";
  runtime::save_safetensors(path, tensors).value_or_throw();
  return path;
}

std::vector<float> const weight{1, 2, 3, 4, -5, -6}, bias{0.5f, 0, 1};

std::vector<stored_tensor> affine_weights() {
  return {stored_tensor::of<float>("fc.weight", {3, 2}, weight),
          stored_tensor::of<float>("fc.bias", {3}, bias)};
}

template <class R>
std::vector<float> list_of(R const& result) {
  return {result.begin(), result.end()};
}

}  // namespace

TEST_CASE("the executor runs a model from its file", "[eager][executor]") {
  etch_test::scratch_folder folder;
  auto const path = written(folder, affine_weights());
  float const x[]{10, 1};
  eager::executor<Affine> run{path};
  auto const y = run(x);
  CHECK(list_of(y) == std::vector<float>{12.5f, 34, -55});
  CHECK(y[1] == 34);
  CHECK(y(0, 2) == -55);
  CHECK(y.size() == 3);
  view<tensor<float, 1, 3>> const seen = y;
  CHECK(seen.data() == y.data());
}

TEST_CASE("an executor's results stay when it is called again", "[eager][executor]") {
  etch_test::scratch_folder folder;
  eager::executor<Affine> run{written(folder, affine_weights())};
  auto const first = run(std::array<float, 2>{10, 1});
  auto const second = run(std::array<float, 2>{0, 0});
  CHECK(list_of(first) == std::vector<float>{12.5f, 34, -55});
  CHECK(list_of(second) == std::vector<float>{0.5f, 0, 1});
}

TEST_CASE("the executor takes and returns names", "[eager][executor]") {
  etch_test::scratch_folder folder;
  eager::executor<TwoNamed> run{written(folder, {})};
  std::array<float, 2> const a{1, 2};
  std::array<double, 2> const b{4, 9};
  for (int turn = 0; turn < 2; ++turn) {
    auto const y = turn ? run("b"_t = b, "a"_t = a) : run(a, b);
    CHECK(list_of(y["sum"_t]) == std::vector<float>{2, 4});
    CHECK(y["root"_t][0] == 2.0);
    CHECK(y["root"_t][1] == 3.0);
  }
}

TEST_CASE("the executor takes integers and returns tuples", "[eager][executor]") {
  etch_test::scratch_folder folder;
  eager::executor<PairOf> run{written(folder, {})};
  auto const y = run(std::array<std::int32_t, 2>{2, 0}, std::array<float, 3>{-1, 2, 3});
  CHECK(list_of(y[boost::hana::size_c<0>]) == std::vector<float>{3, -1});
  CHECK(list_of(y[boost::hana::size_c<1>]) == std::vector<float>{0, 2, 3});
}

TEST_CASE("the executor reads the parameters that a session reads", "[eager][executor]") {
  etch_test::scratch_folder folder;
  auto const path = written(folder, affine_weights());
  float const x[]{10, 1};
  CHECK(list_of(eager::executor<ReadsHalfOfIt>{path}(x)) == std::vector<float>{12.5f, 34, -55});
  session<ReadsHalfOfIt> run{load<ReadsHalfOfIt>(path)};
  CHECK(list_of(run(x)) == std::vector<float>{12.5f, 34, -55});
}

TEST_CASE("the executor reports a file like load does", "[eager][executor]") {
  etch_test::scratch_folder folder;
  auto const path = written(folder, {stored_tensor::of<float>("fc.weight", {2, 3}, weight)});
  auto const file = safetensors::open(path).value_or_throw();
  auto const made = eager::executor<Affine>::from(file);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error() == try_load<Affine>(path).error());
  CHECK_THROWS_AS(eager::executor<Affine>{path}, etch::exception);
}

TEST_CASE("the executor can be watched", "[eager][executor]") {
  etch_test::scratch_folder folder;
  eager::executor<Affine> run{written(folder, affine_weights())};
  int values = 0;
  run.watch([&](ir::node_id, ir::node const&, eager::tensor const&) { ++values; });
  run(std::array<float, 2>{0, 0});
  CHECK(values == run.graph().size());
}
