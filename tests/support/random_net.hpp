#pragma once

#include <random>
#include <string>
#include <vector>

#include <etch/runtime/safetensors_writer.hpp>
#include <etch/runtime/weights.hpp>

#include "support/scratch_folder.hpp"

namespace etch_test {

/// A model with random weights in (0.05, 0.15): for tests that ask how it runs and not what it
/// says.
template <class Model>
etch::weights<Model> random_weights(unsigned seed) {
  auto const wanted = etch::runtime::wanted_by(Model::net::load);
  std::mt19937 bits(seed);
  std::uniform_real_distribution<float> number(0.05f, 0.15f);
  std::vector<std::vector<float>> values(wanted.size());
  std::vector<etch::stored_tensor> tensors;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    std::size_t count = 1;
    for (std::int64_t extent : wanted[i].shape) count *= static_cast<std::size_t>(extent);
    values[i].resize(count);
    for (float& each : values[i]) each = number(bits);
    tensors.push_back(etch::stored_tensor::of<float>(
        std::string(wanted[i].name), {wanted[i].shape.begin(), wanted[i].shape.end()}, values[i]));
  }
  scratch_folder const folder;
  std::string const path = folder / "random.safetensors";
  etch::save_safetensors(path, tensors, {}).value_or_throw();
  return etch::load<Model>(path);
}

}  // namespace etch_test
