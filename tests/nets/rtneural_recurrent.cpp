#include "../examples/nets/rtneural_recurrent.hpp"

#include <etch/eager/executor.hpp>

#include "net_case.hpp"

// Recurrent nets, a sample for each call, against what Keras and PyTorch made of the whole series.

namespace {

using namespace etch;
using namespace etch_test;

template <auto Net>
void check_series(std::string const& name, std::size_t samples, double tolerance) {
  auto const folder = shared_net(name);
  if (!folder) return;
  auto net = shared_case(name, *folder, samples, 0);
  net.tolerance = tolerance;
  REQUIRE(net.inputs.size() == samples);
  auto const set = std::string(to_string(compiled_isa));

  session<model<Net>> run{load<model<Net>>(net.weights)};
  auto const found = run_rows<model<Net>>(run, net, whole_result);
  check_outputs(net, "session " + set, found);
  check_bits(net.name, hash_of(found));

  run.reset();
  CHECK(hash_of(run_rows<model<Net>>(run, net, whole_result)) == hash_of(found));

  eager::executor<model<Net>> slow{net.weights};
  check_outputs(net, "eager", run_rows<model<Net>>(slow, net, whole_result));
}

}  // namespace

TEST_CASE("RTNeural's recurrent nets give their outputs, sample by sample", "[nets][rtneural]") {
  check_series<nets::rtneural_gru>("rtneural_gru", 100, 5e-6);
  check_series<nets::rtneural_gru_1d>("rtneural_gru_1d", 100, 2e-6);
  check_series<nets::rtneural_gru_torch>("rtneural_gru_torch", 1000, 2e-6);
  check_series<nets::rtneural_lstm>("rtneural_lstm", 100, 2e-6);
  check_series<nets::rtneural_lstm_1d>("rtneural_lstm_1d", 100, 2e-6);
  check_series<nets::rtneural_lstm_torch>("rtneural_lstm_torch", 1000, 2e-6);
}
