#include <etch/runtime/safetensors.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/use_weights.hpp"
#include "support/weights_bytes.hpp"

namespace {

using etch::safetensors;
using etch_test::as_bytes;
using etch_test::scratch_folder;
using etch_test::use_weights;

std::filesystem::path corpus() {
#if defined(ETCH_SOURCE_DIR)
  return std::filesystem::path(ETCH_SOURCE_DIR) / "tests/fuzz/corpus";
#else
  return std::filesystem::path(__FILE__).parent_path().parent_path() / "fuzz/corpus";
#endif
}

std::string const valid =
    etch_test::weights_bytes(R"({"__metadata__":{"format":"pt"},)"
                             R"("w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                             R"("fc1.weight":{"dtype":"F16","shape":[2,3],"data_offsets":[24,36]},)"
                             R"("\u00e9":{"dtype":"BOOL","shape":[],"data_offsets":[36,37]}})",
                             37);

/// `bytes` with one to four small changes.
std::string mutated(std::string bytes, std::mt19937& random) {
  constexpr std::string_view telling = "{}[]\",:0123456789-.eE\\u \xff\x80\x7f";
  auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) {
    std::size_t const at = below(bytes.size());
    char const letter = telling[below(telling.size())];
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(8));
        break;
      case 1:
        bytes[at] = letter;
        break;
      case 2:
        bytes.insert(at, 1, letter);
        break;
      case 3:
        bytes.erase(at, 1 + below(4));
        break;
      case 4:
        bytes.insert(at, bytes.substr(below(bytes.size()), below(40)));
        break;
      default:
        bytes.resize(at);
        break;
    }
  }
  return bytes;
}

/// The length field set to the length of the header, so that a change to the header is reached.
std::string with_true_length(std::string bytes, std::size_t data_bytes) {
  if (bytes.size() < 8 + data_bytes) return bytes;
  return etch_test::weights_bytes(
             std::string_view(bytes).substr(8, bytes.size() - 8 - data_bytes)) +
         bytes.substr(bytes.size() - data_bytes);
}

}  // namespace

TEST_CASE("every file of the corpus is accepted or refused as its listing says",
          "[runtime][hostile_weights]") {
  std::ifstream listing(corpus() / "safetensors.txt");
  REQUIRE(listing);
  std::size_t count = 0;
  for (std::string line; std::getline(listing, line); ++count) {
    std::size_t const tab = line.find('\t');
    REQUIRE(tab != line.npos);
    std::string const expected = line.substr(tab + 1);
    std::string const path = (corpus() / "safetensors" / line.substr(0, tab)).string();
    INFO(path);
    REQUIRE(std::filesystem::exists(path));
    auto file = safetensors::open(path);
    std::string const said = file ? "fine" : file.error().text;
    INFO(said);
    CHECK(said.find(expected) != said.npos);
    CHECK(file.has_value() == (expected == "fine"));
    CHECK(use_weights(as_bytes(scratch_folder::read(path))) == file.has_value());
  }
  auto const files = std::filesystem::directory_iterator(corpus() / "safetensors");
  CHECK(count == static_cast<std::size_t>(std::distance(begin(files), end(files))));
}

TEST_CASE("ten thousand damaged copies of a file are refused or fit their own header",
          "[runtime][hostile_weights]") {
  std::mt19937 random(20240521);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  REQUIRE(use_weights(as_bytes(valid)));
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes = mutated(valid, random);
    if (i % 2 == 0) bytes = with_true_length(std::move(bytes), 37);
    // a buffer of its own, so that a sanitizer sees every byte read past its end
    std::vector<char> const exact(bytes.begin(), bytes.end());
    (use_weights(std::as_bytes(std::span(exact))) ? accepted : refused)++;
  }
  CHECK(accepted > 100);
  CHECK(refused > 1000);
}

TEST_CASE("a file cut short anywhere is refused", "[runtime][hostile_weights]") {
  for (std::size_t length = 0; length < valid.size(); ++length) {
    std::vector<char> const exact(valid.begin(), valid.begin() + static_cast<long>(length));
    REQUIRE_FALSE(use_weights(std::as_bytes(std::span(exact))));
  }
}
