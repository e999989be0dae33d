#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "eager_net.hpp"
#include "support/allocations.hpp"
#include "torchscript_net.hpp"

namespace bench {
namespace {

namespace ir = etch::ir;

constexpr std::size_t most_calls = 200'000;
constexpr int calls_of_a_batch = 64;

/// How long to time, and how often at least.
struct patience {
  double warm_ns = 0;
  double timed_ns = 0;
  std::size_t least_calls = 0;
};

/// Matrix products and convolutions of a graph, and of its loops in all their turns.
void add_products(work& sum, ir::graph const& g, std::int64_t times) {
  for (ir::node const& n : g.nodes) {
    if (ir::is_control(n)) {
      ir::control_layout const at = ir::layout_of(g, n);
      for (int i = 0; i < at.regions; ++i)
        add_products(sum, ir::control_region(g, n, i), times * at.length);
      continue;
    }
    auto const name = n.op->key.view();
    if (name != "linear" && name != "matmul" && name != "conv2d") continue;
    ir::operand_type_list const factors(g, n, 2);
    sum.flops += times * n.op->flops(factors, n.type, g.words_of(n));
    sum.is_double = n.type.dtype == ir::dtype::f64;
  }
}

/// Matrix products, convolutions and the bytes that come and go, of a model as it is written.
/// Weights that are folded into others do not come.
work work_of(ir::graph const& model, std::int64_t packed_bytes) {
  work sum;
  std::int64_t parameter_bytes = 0;
  for (ir::node_id id = 0; id < model.size(); ++id) {
    ir::node const& n = model[id];
    if (ir::is(n, ir::parameter_op)) parameter_bytes += n.type.bytes();
    if (ir::is(n, ir::input_op)) sum.bytes += n.type.bytes();
  }
  add_products(sum, model, 1);
  for (ir::node_id out : model.outputs) sum.bytes += model[out].type.bytes();
  sum.bytes += std::min(parameter_bytes, packed_bytes);
  return sum;
}

std::int64_t input_bytes(ir::graph const& model) {
  std::int64_t sum = 0;
  for (ir::node_id in : model.inputs) sum += model[in].type.bytes();
  return sum;
}

double single_call_ns(subject& what, timer const& clock) {
  std::uint64_t const begin = timer::now();
  what.call();
  return clock.ns(begin, timer::now());
}

double batched_call_ns(subject& what, timer const& clock, double timed_ns) {
  std::vector<double> took;
  for (double total = 0; total < timed_ns && took.size() < most_calls;) {
    std::uint64_t const begin = timer::now();
    for (int i = 0; i < calls_of_a_batch; ++i) what.call();
    double const ns = clock.ns(begin, timer::now());
    total += ns;
    took.push_back(ns / calls_of_a_batch);
  }
  auto const middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
  std::nth_element(took.begin(), middle, took.end());
  return *middle;
}

/// What the second call of a fresh session computed: it has states that a call has left, and the
/// same ones in all variants, however often they are timed.
std::vector<double> time_calls(row& into, subject& what, timer const& clock,
                               patience const& limit) {
  wake_vector_units();
  into.first_call_ns = single_call_ns(what, clock);
  what.call();
  std::vector<double> const computed = what.output();
  for (double ns = 0; ns < limit.warm_ns;) ns += single_call_ns(what, clock);
  auto const before = support::allocations::now().count;
  what.call();
  into.allocations = support::allocations::now().count - before;

  std::vector<double> took;
  took.reserve(most_calls);
  double total = 0;
  while (took.size() < limit.least_calls || (total < limit.timed_ns && took.size() < most_calls)) {
    took.push_back(single_call_ns(what, clock));
    total += took.back();
  }
  std::sort(took.begin(), took.end());
  auto const below = [&](double part) { return quantile(took, part, clock.step_ns()); };
  into.calls = took.size();
  into.p50_ns = below(0.5);
  into.p99_ns = below(0.99);
  into.p999_ns = below(0.999);
  into.min_ns = took.front();
  if (into.p50_ns < 1000) into.batched_ns = batched_call_ns(what, clock, limit.timed_ns / 5);
  return computed;
}

/// Relative to the largest of the expected numbers; infinite where one is no number.
double largest_error(std::vector<double> const& found, std::vector<double> const& expected) {
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    double const difference = std::abs(found[i] - expected[i]);
    if (!std::isfinite(difference)) return std::numeric_limits<double>::infinity();
    largest = std::max(largest, std::abs(expected[i]));
    worst = std::max(worst, difference);
  }
  return worst == 0 ? 0 : worst / largest;
}

}  // namespace

std::vector<row> measure(workload const& of, limits const& here, timer const& clock, double seconds,
                         etch::executor_ref threads) {
  ir::graph const model = of.trace();
  auto const bytes = random_weights(model);
  auto const file = etch::safetensors::from_memory(bytes, of.name).value_or_throw();
  random_inputs const inputs(model);

  auto const row_of = [&](std::string_view variant, etch::model_memory const& memory) {
    work work = work_of(model, memory.weights_bytes);
    work.working = memory.weights_bytes + memory.workspace_bytes + input_bytes(model);
    floor_time const floor = floor_of(work, here);
    row made;
    made.workload = of.name;
    made.variant = variant;
    made.batch = of.batch;
    made.flops = work.flops;
    made.bytes = work.bytes;
    made.working_bytes = work.working;
    made.floor_ns = floor.ns;
    made.bound = floor.bound;
    return made;
  };
  bool const is_double = work_of(model, 0).is_double;

  std::vector<row> rows;
  std::vector<std::vector<double>> found;
  for (variant const& each : of.variants) {
    row made = row_of(each.name, each.memory);
    auto const net = each.compiled(file, inputs, threads);
    found.push_back(time_calls(made, *net, clock, {1e8, seconds * 1e9, 5}));
    made.peak_gflops = peak_now(clock, is_double);
    rows.push_back(made);
  }
  row eager = row_of("eager", of.variants.front().memory);
  auto const net = eager_net(model, file, inputs);
  auto const expected = time_calls(eager, *net, clock, {2e7, seconds * 0.25e9, 2});
  eager.peak_gflops = peak_now(clock, is_double);
  for (std::size_t i = 0; i < found.size(); ++i)
    rows[i].max_error = largest_error(found[i], expected);
  rows.push_back(eager);
  std::string left_out;
  if (auto const scripted = torchscript_net(model, file, inputs, left_out)) {
    row libtorch = row_of("libtorch", of.variants.front().memory);
    libtorch.max_error =
        largest_error(time_calls(libtorch, *scripted, clock, {1e8, seconds * 1e9, 5}), expected);
    libtorch.peak_gflops = peak_now(clock, is_double);
    rows.push_back(libtorch);
  }
  return rows;
}

}  // namespace bench
