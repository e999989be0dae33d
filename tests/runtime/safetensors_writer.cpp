#include <etch/runtime/safetensors_writer.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/weights_bytes.hpp"

namespace {

using etch::safetensors;
using etch::save_safetensors;
using etch::stored_tensor;
using namespace etch::runtime;
using etch_test::scratch_folder;

struct sample {
  std::array<float, 6> weight{1, -2, 3.5f, 0, HUGE_VALF, -0.0f};
  std::array<std::uint8_t, 3> bytes{1, 2, 255};
  std::array<double, 1> scale{0.1};
  std::array<std::byte, 3> quarters{std::byte{0x12}, std::byte{0x34}, std::byte{0x56}};
  std::vector<stored_tensor> tensors{
      stored_tensor::of<float>("fc1.weight", {2, 3}, weight),
      stored_tensor::of<std::uint8_t>("bytes", {3}, bytes),
      stored_tensor::of<double>("scale", {}, scale),
      stored_tensor::of<float>("empty", {0, 4}, {}),
      {"quarters", *storage_type_named("F4"), {2, 3}, quarters},
  };
  weights_metadata metadata{{"format", "pt"}, {"by", "hand"}};
};

std::string refusal(std::vector<stored_tensor> const& tensors,
                    weights_metadata const& metadata = {}) {
  scratch_folder folder;
  auto saved = save_safetensors(folder / "w", tensors, metadata);
  if (saved) return "saved";
  CHECK(folder.files() == 0);
  CHECK(saved.error().code == etch::errc::invalid_argument);
  std::string const start = "etch: save: '" + (folder / "w") + "': ";
  REQUIRE(saved.error().text.starts_with(start));
  return saved.error().text.substr(start.size());
}

}  // namespace

TEST_CASE("what is saved is read back", "[runtime][safetensors_writer]") {
  scratch_folder folder;
  sample const made;
  REQUIRE(save_safetensors(folder / "w", made.tensors, made.metadata));
  auto file = safetensors::open(folder / "w").value_or_throw();
  REQUIRE(file.metadata() == made.metadata);
  REQUIRE(file.tensors().size() == made.tensors.size());
  for (stored_tensor const& tensor : made.tensors) {
    auto const* found = file.find(tensor.name);
    REQUIRE(found);
    REQUIRE(found->type == tensor.type);
    REQUIRE(found->shape == tensor.shape);
    REQUIRE(
        std::equal(found->data.begin(), found->data.end(), tensor.data.begin(), tensor.data.end()));
  }
}

TEST_CASE("a file that was read is saved with the same bytes, also over itself",
          "[runtime][safetensors_writer]") {
  scratch_folder folder;
  sample const made;
  REQUIRE(save_safetensors(folder / "w", made.tensors, made.metadata));
  std::string const bytes = folder.read(folder / "w");
  {
    auto file = safetensors::open(folder / "w").value_or_throw();
    REQUIRE(save_safetensors(folder / "w", file.tensors(), file.metadata()));
  }
  REQUIRE(folder.read(folder / "w") == bytes);
  REQUIRE(folder.files() == 1);
}

TEST_CASE("the order of the tensors does not change the file", "[runtime][safetensors_writer]") {
  scratch_folder folder;
  sample made;
  REQUIRE(save_safetensors(folder / "a", made.tensors, made.metadata));
  std::reverse(made.tensors.begin(), made.tensors.end());
  REQUIRE(save_safetensors(folder / "b", made.tensors, made.metadata));
  REQUIRE(folder.read(folder / "a") == folder.read(folder / "b"));
}

TEST_CASE("saved data are aligned when the file is mapped", "[runtime][safetensors_writer]") {
  scratch_folder folder;
  sample const made;
  for (std::string const note : {"", "x", "xx", "xxx", "xxxx", "xxxxx", "xxxxxx", "xxxxxxx"}) {
    REQUIRE(save_safetensors(folder / "w", made.tensors, {{"note", note}}));
    auto file = safetensors::open(folder / "w").value_or_throw();
    for (auto const& tensor : file.tensors()) REQUIRE(tensor.is_aligned());
    REQUIRE(file.find("scale")->values<double>()->front() == 0.1);
  }
}

TEST_CASE("the bytes of a small file are these", "[runtime][safetensors_writer]") {
  scratch_folder folder;
  std::array<std::uint8_t, 2> const bytes{'h', 'i'};
  std::array const tensors{stored_tensor::of<std::uint8_t>("a\"\n\xc3\xa9", {1, 2}, bytes)};
  REQUIRE(save_safetensors(folder / "w", tensors));
  REQUIRE(folder.read(folder / "w") ==
          etch_test::weights_bytes("{\"a\\\"\\u000a\xc3\xa9\":{\"dtype\":\"U8\",\"shape\":[1,2],"
                                   "\"data_offsets\":[0,2]}}       ") +
              "hi");
  REQUIRE(save_safetensors(folder / "none", {}));
  REQUIRE(folder.read(folder / "none") == etch_test::weights_bytes("{}      "));
}

TEST_CASE("every character of a name survives", "[runtime][safetensors_writer]") {
  scratch_folder folder;
  std::string name;
  for (unsigned long code = 0; code < 0x300; ++code) append_utf8(name, code);
  append_utf8(name, 0x1f600);
  std::array const tensors{stored_tensor{name, storage_of(etch::ir::dtype::u8), {0}, {}}};
  REQUIRE(save_safetensors(folder / "w", tensors, {{name, name}}));
  auto file = safetensors::open(folder / "w").value_or_throw();
  REQUIRE(file.find(name));
  REQUIRE(file.metadata().at(name) == name);
}

TEST_CASE("tensors that cannot be saved are refused, all at once",
          "[runtime][safetensors_writer]") {
  sample const made;
  auto const u8 = storage_of(etch::ir::dtype::u8);
  std::array<std::byte, 1> const byte{};
  CHECK(refusal({{"__metadata__", u8, {1}, byte}}) ==
        "'__metadata__': the name is taken by the format");
  CHECK(refusal({{"w\xff", u8, {1}, byte}}) == "'w\\xff': the name is not UTF-8");
  CHECK(refusal({{"w", u8, {2}, byte}}) == "'w' is u8[2], which takes 2 bytes, but its data are 1");
  CHECK(refusal({{"w", u8, {-1}, byte}}) ==
        "'w' is u8[-1], whose size cannot be counted in whole bytes of 64 bits");
  CHECK(refusal({{"w", {"F31", 31, {}}, {1}, byte}}) == "'w': unknown dtype 'F31'");
  CHECK(refusal({{"w", {}, {}, {}}}) == "'w': unknown dtype ''");
  CHECK(refusal({{"w", u8, std::vector<std::int64_t>(33, 1), byte}}) ==
        "'w': the shape has 33 dimensions, at most 32 are expected");
  CHECK(refusal({made.tensors[0], made.tensors[1], made.tensors[0]}) ==
        "'fc1.weight' is given twice");
  CHECK(refusal({}, {{"k", "\xff"}}) == "'__metadata__': 'k' is not UTF-8");
  CHECK(refusal({{"w", u8, {2}, byte}, {"w", u8, {1}, byte}}, {{"\xff", ""}}) ==
        "3 problems:\n  'w' is u8[2], which takes 2 bytes, but its data are 1\n"
        "  'w' is given twice\n  '__metadata__': '\\xff' is not UTF-8");
}

TEST_CASE("a header longer than the format allows is refused", "[runtime][safetensors_writer]") {
  CHECK(refusal({}, {{"note", std::string(100'000'000, 'x')}}) ==
        "the header takes 100000032 bytes, at most 100000000 are allowed");
}
