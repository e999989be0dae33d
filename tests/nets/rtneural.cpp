#include "../examples/nets/rtneural.hpp"
#include "net_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

using one_sample = model<nets::rtneural_dense<1>>;
using all_samples = model<nets::rtneural_dense<100>>;
using one_image = model<nets::rtneural_conv2d<1>>;
using three_images = model<nets::rtneural_conv2d<3>>;

/// The same values `times` times.
std::vector<float> repeated(std::vector<float> const& values, int times) {
  std::vector<float> all;
  for (int i = 0; i < times; ++i) all.insert(all.end(), values.begin(), values.end());
  return all;
}

}  // namespace

TEST_CASE("RTNeural's dense layers give its outputs", "[nets][rtneural]") {
  auto const folder = shared_net("rtneural_dense");
  if (!folder) return;
  auto net = shared_case("rtneural_dense", *folder, 100, 0);
  net.tolerance = 5e-6;
  check_session<one_sample, all_samples>(net);
}

TEST_CASE("RTNeural's convolutions give its outputs", "[nets][rtneural]") {
  auto const folder = shared_net("rtneural_conv2d");
  if (!folder) return;
  auto net = shared_case("rtneural_conv2d", *folder, 3, 0);
  net.tolerance = 5e-6;
  net.inputs = repeated(net.inputs, 3);
  net.outputs = repeated(net.outputs, 3);
  check_session<one_image, three_images>(net);
}
