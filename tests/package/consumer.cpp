// A user's program: the model of the README with weights that it writes itself, compiled in this
// file and, dispatched, by etch_add_model. Both must agree with plain loops.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <etch/runtime/safetensors_writer.hpp>
#include <span>
#include <string>
#include <vector>

#include "digits.hpp"

static_assert(Digits::cost().flops < 1'500'000);

namespace {

struct layer {
  int outputs;
  int inputs;
  std::vector<float> weight;
  std::vector<float> bias;
};

layer make_layer(int outputs, int inputs, unsigned seed) {
  auto next = [&seed] {
    seed = seed * 1664525u + 1013904223u;
    return static_cast<float>(seed >> 8) / 16777216.0f - 0.5f;
  };
  layer made{outputs, inputs, {}, {}};
  float const scale = 2.0f / std::sqrt(static_cast<float>(inputs));
  for (int i = 0; i < outputs * inputs; ++i) made.weight.push_back(next() * scale);
  for (int i = 0; i < outputs; ++i) made.bias.push_back(next() * 0.1f);
  return made;
}

std::vector<double> through(layer const& of, std::vector<double> const& x) {
  std::vector<double> y;
  for (int o = 0; o < of.outputs; ++o) {
    auto const row = of.weight.begin() + static_cast<std::ptrdiff_t>(o) * of.inputs;
    double sum = of.bias[static_cast<std::size_t>(o)];
    for (int i = 0; i < of.inputs; ++i) sum += double{row[i]} * x[static_cast<std::size_t>(i)];
    y.push_back(sum);
  }
  return y;
}

std::vector<double> relu(std::vector<double> x) {
  for (double& each : x) each = std::max(each, 0.0);
  return x;
}

std::vector<double> by_loops(std::vector<layer> const& layers, std::vector<float> const& pixels) {
  std::vector<double> const h = relu(through(layers[0], {pixels.begin(), pixels.end()}));
  std::vector<double> g = relu(through(layers[1], h));
  for (std::size_t i = 0; i < g.size(); ++i) g[i] += h[i];
  std::vector<double> p = through(layers[2], g);
  double const top = *std::max_element(p.begin(), p.end());
  double sum = 0;
  for (double& each : p) sum += each = std::exp(each - top);
  for (double& each : p) each /= sum;
  return p;
}

template <class Model>
bool agrees(char const* what, std::string const& path, std::vector<float> const& pixels,
            std::vector<double> const& expected) {
  auto const weights = etch::load<Model>(path);
  etch::session<Model> run{weights};
  auto const p = run(etch::input<etch::tensor<float, 1, 784>>::at(pixels.data()));
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(double{p[i]} - expected[i]));
  std::string const set(etch::to_string(weights.set()));
  std::printf("%s, %s: largest error %.2g\n", what, set.c_str(), largest);
  return largest < 1e-5;
}

}  // namespace

int main() {
  std::vector<layer> const layers{make_layer(512, 784, 1), make_layer(512, 512, 2),
                                  make_layer(10, 512, 3)};
  std::vector<etch::stored_tensor> tensors;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    std::string const name = "fc" + std::to_string(i + 1);
    layer const& l = layers[i];
    tensors.push_back(etch::stored_tensor::of<float>(name + ".weight", {l.outputs, l.inputs},
                                                     std::span<float const>(l.weight)));
    tensors.push_back(etch::stored_tensor::of<float>(name + ".bias", {l.outputs},
                                                     std::span<float const>(l.bias)));
  }
  std::string const path = "digits.safetensors";
  if (auto const saved = etch::save_safetensors(path, tensors); !saved) {
    std::printf("%s\n", saved.error().text.c_str());
    return 1;
  }

  std::vector<float> pixels;
  for (int i = 0; i < 784; ++i) pixels.push_back(static_cast<float>(i * 37 % 101) / 101.0f);
  auto const expected = by_loops(layers, pixels);
  bool const one_file = agrees<Digits>("one file", path, pixels, expected);
  bool const dispatched = agrees<DispatchedDigits>("dispatched", path, pixels, expected);
  return one_file && dispatched ? 0 : 1;
}
