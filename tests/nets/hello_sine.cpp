#include "../examples/nets/hello_sine.hpp"

#include <cmath>

#include "net_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

using one_sample = model<nets::hello_sine<1>>;
using all_samples = model<nets::hello_sine<101>>;

}  // namespace

TEST_CASE("TensorFlow Lite Micro's sine gives its outputs", "[nets][hello_sine]") {
  auto const folder = shared_net("tflm_hello_world_sine");
  if (!folder) return;
  auto net = shared_case("hello_sine", *folder, 101, 0);
  net.tolerance = 2e-6;
  check_session<one_sample, all_samples>(net);
}

TEST_CASE("TensorFlow Lite Micro's sine is about a sine", "[nets][hello_sine]") {
  auto const folder = shared_net("tflm_hello_world_sine");
  if (!folder) return;
  session<one_sample> run{load<one_sample>(*folder + "/model.safetensors")};
  for (float x : floats_of(*folder + "/ref_inputs.safetensors", "x")) {
    float const input[]{x};
    CHECK(std::fabs(run(input)[0] - std::sin(x)) <= 0.0465f);
  }
}
