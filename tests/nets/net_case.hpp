#pragma once

#include <etch/etch.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "catch.hpp"
#include "known_bits.hpp"
#include "support/net_files.hpp"
#include "support/net_report.hpp"

namespace etch_test {

/// A net with known answers: `rows` inputs that do not know of each other.
struct net_case {
  std::string name;
  std::string weights;
  std::vector<float> inputs;
  std::vector<float> outputs;
  std::size_t rows = 1;
  double tolerance = 0;

  std::size_t inputs_of_row() const { return inputs.size() / rows; }
};

/// The case of a net beside the repository: ref_inputs' `x` to ref_outputs' `y`.
/// `relative` is the tolerance that its ARCHITECTURE.md gives, times max(1, max |y|).
inline net_case shared_case(std::string const& name, std::string const& folder, std::size_t rows,
                            double relative, std::string const& weights = "model.safetensors") {
  net_case made{name, folder + "/" + weights, floats_of(folder + "/ref_inputs.safetensors", "x"),
                floats_of(folder + "/ref_outputs.safetensors", "y"), rows};
  double size = 1;
  for (float y : made.outputs) size = std::max(size, std::fabs(static_cast<double>(y)));
  made.tolerance = relative * size;
  return made;
}

template <class... A>
auto first_of(etch::front::types<A...>) -> std::tuple_element_t<0, std::tuple<A...>>;

/// The one input of a model.
template <class Model>
using input_of =
    etch::input<etch::front::tensor_of<decltype(first_of(typename Model::signature::arguments{}))>>;

/// The result of a call is its one output.
inline constexpr auto whole_result = [](auto const& result) -> auto const& { return result; };

/// Calls `run` on each row and puts the outputs behind each other.
template <class Model, class Run, class Pick>
std::vector<float> run_rows(Run& run, net_case const& net, Pick const& pick) {
  std::vector<float> found;
  for (std::size_t at = 0; at < net.inputs.size(); at += input_of<Model>::elements) {
    auto const result = run(input_of<Model>::at(net.inputs.data() + at));
    auto const& values = pick(result);
    found.insert(found.end(), values.begin(), values.end());
  }
  return found;
}

inline void check_outputs(net_case const& net, std::string const& executor,
                          std::vector<float> const& found) {
  double const error = largest_error(found, net.outputs);
  report(net.name, executor, error, net.tolerance, found);
  CAPTURE(net.name, executor);
  CHECK(error <= net.tolerance);
}

/// Runs a case row by row and as one batch: both give the known answers, and the same bits.
template <class One, class Batch, class Pick = decltype(whole_result)>
void check_session(net_case const& net, Pick const& pick = whole_result) {
  REQUIRE(net.inputs_of_row() == input_of<One>::elements);
  REQUIRE(net.inputs.size() == input_of<Batch>::elements);
  auto const set = std::string(etch::to_string(etch::compiled_isa));
  etch::session<One> one{etch::load<One>(net.weights)};
  auto const rows = run_rows<One>(one, net, pick);
  check_outputs(net, "session " + set, rows);
  etch::session<Batch> batch{etch::load<Batch>(net.weights)};
  auto const together = run_rows<Batch>(batch, net, pick);
  check_outputs(net, "batched " + set, together);
  CHECK(hash_of(rows) == hash_of(together));
  check_bits(net.name, hash_of(rows));
}

}  // namespace etch_test
