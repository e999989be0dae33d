// EXPECT: etch: the operands are bool, the operator takes numbers
#include <etch/ops/add.hpp>
#include <etch/ops/cast.hpp>
#include <etch/ops/less.hpp>

using namespace etch;

auto model(tensor<float, 8> x, tensor<float, 8> y) {
  auto const below = x < y;
#ifdef ETCH_CONTROL
  return cast<float>(below) + cast<float>(below);
#else
  return below + below;  // HERE
#endif
}
