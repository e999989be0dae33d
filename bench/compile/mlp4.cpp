// A multilayer perceptron of 4 layers.
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto mlp = [](tensor<float, 1, 64> x) {
  auto h = relu(linear<128>("fc1", x));
  h = relu(linear<128>("fc2", h));
  h = relu(linear<128>("fc3", h));
  return softmax(linear<10>("fc4", h));
};
using Mlp = model<mlp>;

float run(weights<Mlp> const& of, float const (&in)[64]) {
  session<Mlp> run_mlp(of);
  return run_mlp(in)[0];
}
