// MLPerf Tiny's ResNet-8, as the tests run it.
#include "../../examples/nets/resnet8.hpp"

using resnet8 = etch::model<nets::resnet8<1>>;

float run(etch::weights<resnet8> const& of, float const (&image)[32 * 32 * 3]) {
  etch::session<resnet8> run_resnet8(of);
  using namespace etch::literals;
  return run_resnet8(image)["y"_t][0];
}
