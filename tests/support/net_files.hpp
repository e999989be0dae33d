#pragma once

#include <etch/runtime/safetensors.hpp>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "skip.hpp"

namespace etch_test {

/// The folder of a trained net beside the repository: in ETCH_SHARED_DIR (the variable, else the
/// definition). Nothing, and the test is skipped, where it is not there.
inline std::optional<std::string> shared_net(std::string const& name) {
  char const* const variable = std::getenv("ETCH_SHARED_DIR");
  std::string const folder = std::string(variable ? variable : ETCH_SHARED_DIR) + "/models/" + name;
  if (std::filesystem::is_directory(folder)) return folder;
  skip(name + " is not there: " + folder + " (ETCH_SHARED_DIR says where)");
  return std::nullopt;
}

/// A file that is part of the repository.
inline std::string own_file(std::string const& name) {
  return std::string(ETCH_SOURCE_DIR) + "/" + name;
}

/// A tensor of floats from a safetensors file.
inline std::vector<float> floats_of(std::string const& file, std::string const& tensor) {
  auto const opened = etch::safetensors::open(file).value_or_throw();
  auto const* found = opened.find(tensor);
  if (!found)
    etch::raise({etch::errc::not_found, "etch: test: no '" + tensor + "' in " + file, file});
  auto const values = found->values<float>().value_or_throw();
  return {values.begin(), values.end()};
}

}  // namespace etch_test
