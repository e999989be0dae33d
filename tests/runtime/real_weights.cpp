#include <etch/runtime/safetensors.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "catch.hpp"
#include "skip.hpp"
#include "support/scratch_folder.hpp"
#include "support/use_weights.hpp"
#include "support/weights_bytes.hpp"

namespace {

/// Where real nets lie, or nothing: the environment variable or the macro ETCH_SHARED_DIR.
std::filesystem::path shared_folder() {
  if (char const* folder = std::getenv("ETCH_SHARED_DIR")) return folder;
#if defined(ETCH_SHARED_DIR)
  return ETCH_SHARED_DIR;
#else
  return {};
#endif
}

}  // namespace

TEST_CASE("the nets that people use are read", "[runtime][real_weights]") {
  auto const folder = shared_folder() / "models";
  if (!std::filesystem::is_directory(folder))
    return etch_test::skip("ETCH_SHARED_DIR names no folder with nets in models/");
  std::size_t count = 0;
  for (auto const& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".safetensors") continue;
    auto weights = etch::safetensors::open(file.path().string());
    INFO((weights ? "" : weights.error().text));
    CHECK(weights);
    if (weights)
      CHECK(etch_test::use_weights(
          etch_test::as_bytes(etch_test::scratch_folder::read(file.path().string()))));
    ++count;
  }
  WARN(count << " files were read");
  CHECK(count > 0);
}
