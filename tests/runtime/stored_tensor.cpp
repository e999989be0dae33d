#include <etch/runtime/stored_tensor.hpp>

#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

using etch::errc;
using etch::stored_tensor;
using etch::ir::dtype;
using namespace etch::runtime;

std::optional<std::uint64_t> bytes(std::string_view name, std::vector<std::int64_t> const& shape) {
  return bytes_of(*storage_type_named(name), shape);
}

}  // namespace

TEST_CASE("every dtype of etch has its storage type, of the same size", "[runtime][storage_type]") {
  for (std::size_t i = 0; i < etch::ir::dtype_count; ++i) {
    auto const type = static_cast<dtype>(i);
    REQUIRE(storage_of(type).type == type);
    REQUIRE(storage_of(type).bits == 8 * size_of(type));
    REQUIRE(storage_type_named(storage_of(type).name)->type == type);
  }
}

TEST_CASE("no two storage types have the same name", "[runtime][storage_type]") {
  for (auto const& a : storage_types) {
    int same = 0;
    for (auto const& b : storage_types) same += a.name == b.name;
    REQUIRE(same == 1);
    REQUIRE(a.bits > 0);
  }
  REQUIRE_FALSE(storage_type_named("F31"));
  REQUIRE_FALSE(storage_type_named(""));
}

TEST_CASE("the bytes of a tensor are counted, and refused when they cannot be",
          "[runtime][storage_type]") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  REQUIRE(bytes("F32", {}) == 4u);
  REQUIRE(bytes("F32", {2, 3}) == 24u);
  REQUIRE(bytes("F64", {0, 3}) == 0u);
  REQUIRE(bytes("F4", {2, 3}) == 3u);
  REQUIRE(bytes("F6_E2M3", {4}) == 3u);
  REQUIRE_FALSE(bytes("F6_E2M3", {3}));
  REQUIRE_FALSE(bytes("U8", {-1}));
  REQUIRE_FALSE(bytes("U8", {0, -1}));
  REQUIRE(bytes("U8", {most / 8}) == static_cast<std::uint64_t>(most / 8));
  REQUIRE_FALSE(bytes("U8", {most / 8 + 1}));
  REQUIRE_FALSE(bytes("F32", {most, most}));
}

TEST_CASE("a tensor is described by dtype and shape", "[runtime][storage_type]") {
  std::array<std::int64_t, 2> const shape{128, 784};
  REQUIRE(describe(storage_of(dtype::f32), shape) == "f32[128,784]");
  REQUIRE(describe(storage_of(dtype::bool_), {}) == "bool[]");
  REQUIRE(describe(*storage_type_named("F8_E4M3"), shape) == "F8_E4M3[128,784]");
}

TEST_CASE("the elements of a stored tensor are read in place", "[runtime][stored_tensor]") {
  std::array<float, 6> const values{1, 2, 3, 4, 5, 6};
  auto const tensor = stored_tensor::of<float>("w", {2, 3}, values);
  REQUIRE(tensor.elements() == 6);
  REQUIRE(tensor.type.name == "F32");
  REQUIRE(tensor.is_aligned());
  REQUIRE(tensor.values<float>()->data() == values.data());
  REQUIRE(tensor.values<float>()->size() == 6);
}

TEST_CASE("elements are not read as another dtype", "[runtime][stored_tensor]") {
  std::array<float, 2> const values{1, 2};
  auto const read = stored_tensor::of<float>("w", {2}, values).values<std::int32_t>();
  REQUIRE(read.error().code == errc::mismatch);
  REQUIRE(read.error().text == "etch: weights: 'w': it is f32[2], it is read as i32");
}

TEST_CASE("misaligned elements are not read in place", "[runtime][stored_tensor]") {
  alignas(8) std::array<std::byte, 16> const bytes{};
  stored_tensor tensor{"w", storage_of(dtype::f32), {2}, std::span(bytes).subspan(2, 8)};
  REQUIRE_FALSE(tensor.is_aligned());
  REQUIRE(tensor.values<float>().error().text ==
          "etch: weights: 'w': its data are at an address that is no multiple of 4; "
          "convert_to() copies them");
  tensor.data = std::span(bytes).subspan(4, 8);
  REQUIRE(tensor.values<float>());
}

TEST_CASE("a stored bool that is neither 0 nor 1 is refused", "[runtime][stored_tensor]") {
  std::array<std::byte, 3> bytes{std::byte{0}, std::byte{1}, std::byte{1}};
  stored_tensor const tensor{"mask", storage_of(dtype::bool_), {3}, bytes};
  REQUIRE((*tensor.values<bool>())[1]);
  bytes[2] = std::byte{2};
  REQUIRE(tensor.values<bool>().error().text ==
          "etch: weights: 'mask': element 2 is 2, a bool is 0 or 1");
}
