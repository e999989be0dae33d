#include <cstddef>

#include "../examples/nets/resnet8.hpp"
#include "net_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

constexpr auto probabilities = [](auto const& result) -> auto const& { return result["y"_t]; };
constexpr auto logits = [](auto const& result) -> auto const& { return result["logits"_t]; };

using resnet8 = model<nets::resnet8<1>>;
using resnet8_batch = model<nets::resnet8<6>>;
using resnet8_nchw = model<nets::resnet8_nchw<1>>;
using resnet8_nchw_batch = model<nets::resnet8_nchw<6>>;

inline constexpr options in_fewer_products{.numerics = numerics::fast};
using resnet8_fast = model<nets::resnet8<1>, in_fewer_products>;
using resnet8_fast_batch = model<nets::resnet8<6>, in_fewer_products>;

}  // namespace

TEST_CASE("ResNet-8 classifies as TensorFlow Lite does", "[nets][resnet8]") {
  auto const folder = shared_net("mlperf_tiny_ic_resnet8");
  if (!folder) return;
  auto net = shared_case("resnet8", *folder, 6, 2e-5);
  check_session<resnet8, resnet8_batch>(net, probabilities);
  net = shared_case("resnet8 oihw", *folder, 6, 2e-5, "model_oihw.safetensors");
  check_session<resnet8_nchw, resnet8_nchw_batch>(net, probabilities);
  net = shared_case("resnet8 fast", *folder, 6, 2e-5);
  check_session<resnet8_fast, resnet8_fast_batch>(net, probabilities);
}

TEST_CASE("ResNet-8 gives TensorFlow Lite's logits", "[nets][resnet8]") {
  auto const folder = shared_net("mlperf_tiny_ic_resnet8");
  if (!folder) return;
  auto net = shared_case("resnet8 logits", *folder, 6, 0);
  net.outputs = floats_of(*folder + "/ref_outputs.safetensors", "logits");
  float largest = 1;
  for (float y : net.outputs) largest = std::max(largest, std::fabs(y));
  net.tolerance = 2e-5 * static_cast<double>(largest);
  check_session<resnet8, resnet8_batch>(net, logits);
}

TEST_CASE("ResNet-8 channels first becomes the net channels last", "[nets][resnet8]") {
  STATIC_REQUIRE(resnet8_nchw::cost().steps == resnet8::cost().steps);
  STATIC_REQUIRE(resnet8_nchw::memory().workspace_bytes == resnet8::memory().workspace_bytes);
  STATIC_REQUIRE(resnet8::cost().steps_in_loops == 0);
  STATIC_REQUIRE(resnet8_fast::cost().steps == resnet8::cost().steps);
  STATIC_REQUIRE(resnet8_nchw::cost().steps_in_loops == 0);
}
