// EXPECT: etch: no operand belongs to a model yet
#include <etch/ops/add.hpp>
#include <etch/ops/mul.hpp>

using namespace etch;

auto model(tensor<float, 8> x) {
#ifdef ETCH_CONTROL
  return x * (parameter<float, 8>("a", x) + parameter<float, 8>("b"));
#else
  return x * (parameter<float, 8>("a") + parameter<float, 8>("b"));  // HERE
#endif
}
