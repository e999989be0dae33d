// ResNet-50 on 224 x 224 pixels.
#include "../suite/models/resnet.hpp"

inline constexpr bench::models::resnet<bench::models::block_kind::bottleneck, 3, 4, 6, 3> net{};
using resnet50 = etch::model<net>;

float run(etch::weights<resnet50> const& of, float const (&image)[3 * 224 * 224]) {
  etch::session<resnet50> run_resnet50(of);
  return run_resnet50(image)[0];
}
