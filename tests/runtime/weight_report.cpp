#include <etch/runtime/weight_report.hpp>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "support/weights_bytes.hpp"

namespace {

using etch::errc;
using etch::extra_tensors;
using etch::match_weights;
using etch::safetensors;
using etch::wanted_weight;
using etch::weight_policy;
using etch::ir::dtype;
using etch_test::as_bytes;

constexpr std::array<std::int64_t, 2> wide{2, 3};
constexpr std::array<std::int64_t, 1> narrow{2};

std::string tensor(std::string_view name, std::string_view type, std::string_view shape,
                   std::size_t begin, std::size_t end) {
  return "\"" + std::string(name) + "\":{\"dtype\":\"" + std::string(type) +
         "\",\"shape\":" + std::string(shape) + ",\"data_offsets\":[" + std::to_string(begin) +
         "," + std::to_string(end) + "]}";
}

/// What matching says after "etch: load: 'm.safetensors': ", or "fine".
std::string match(std::string const& bytes, std::vector<wanted_weight> const& wanted,
                  weight_policy policy = {}) {
  auto file = safetensors::from_memory(as_bytes(bytes), "m.safetensors").value_or_throw();
  auto found = match_weights(file, wanted, policy);
  if (!found) {
    std::string const start = "etch: load: 'm.safetensors': ";
    REQUIRE(found.error().text.starts_with(start));
    REQUIRE(found.error().where == "m.safetensors");
    return found.error().text.substr(start.size());
  }
  REQUIRE(found->size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) REQUIRE((*found)[i]->name == wanted[i].name);
  return "fine";
}

/// A file with one tensor "w" of shape [2].
std::string one(std::string_view type, std::size_t bytes) {
  return etch_test::weights_bytes("{" + tensor("w", type, "[2]", 0, bytes) + "}", bytes);
}

std::vector<wanted_weight> const wants_f32{{"w", dtype::f32, narrow}};
std::vector<wanted_weight> const wants_f64{{"w", dtype::f64, narrow}};

}  // namespace

TEST_CASE("a file that fits the model gives its tensors in the model's order",
          "[runtime][weight_report]") {
  std::string const bytes =
      etch_test::weights_bytes("{" + tensor("fc1.weight", "F32", "[2,3]", 0, 24) + "," +
                                   tensor("fc1.bias", "F32", "[2]", 24, 32) + "}",
                               32);
  CHECK(match(bytes, {{"fc1.weight", dtype::f32, wide}, {"fc1.bias", dtype::f32, narrow}}) ==
        "fine");
  CHECK(match(bytes, {{"fc1.bias", dtype::f32, narrow}, {"fc1.weight", dtype::f32, wide}}) ==
        "fine");
  CHECK(match(bytes, {{"fc1.bias", dtype::f32, narrow},
                      {"fc1.weight", dtype::f32, wide},
                      {"fc1.bias", dtype::f32, narrow}}) == "fine");
}

TEST_CASE("everything that does not fit is told at once", "[runtime][weight_report]") {
  std::string const bytes = etch_test::weights_bytes(
      "{" + tensor("fc1.weight", "F32", "[2,3]", 0, 24) + "," +
          tensor("fc1.bais", "F32", "[2]", 24, 32) + "," +
          tensor("fc2.bias", "I32", "[2]", 32, 40) + "," + tensor("x", "U8", "[]", 40, 41) + "}",
      41);
  std::array<std::int64_t, 2> const wider{2, 4};
  CHECK(match(bytes, {{"fc1.weight", dtype::f32, wider},
                      {"fc1.bias", dtype::f32, narrow},
                      {"fc2.bias", dtype::f32, narrow},
                      {"head.scale", dtype::f32, {}}}) ==
        "6 problems:\n"
        "  'fc1.weight' is f32[2,3], the model reads f32[2,4]\n"
        "  'fc1.bias' is missing, the model reads f32[2] (did you mean 'fc1.bais'?)\n"
        "  'fc2.bias' is i32[2], the model reads f32[2]\n"
        "  'head.scale' is missing, the model reads f32[]\n"
        "  'fc1.bais' is f32[2], the model does not read it\n"
        "  'x' is u8[], the model does not read it");
}

TEST_CASE("a tensor that another parameter reads is not suggested", "[runtime][weight_report]") {
  CHECK(match(one("F32", 8), {{"w", dtype::f32, narrow}, {"W", dtype::f32, narrow}}) ==
        "'W' is missing, the model reads f32[2]");
}

TEST_CASE("a shape of another rank does not fit", "[runtime][weight_report]") {
  std::array<std::int64_t, 2> const column{2, 1};
  CHECK(match(one("F32", 8), {{"w", dtype::f32, column}}) ==
        "'w' is f32[2], the model reads f32[2,1]");
  CHECK(match(one("F32", 8), {{"w", dtype::f32, {}}}) == "'w' is f32[2], the model reads f32[]");
}

TEST_CASE("tensors that the model does not read are refused unless they are ignored",
          "[runtime][weight_report]") {
  CHECK(match(one("F32", 8), {}) == "'w' is f32[2], the model does not read it");
  CHECK(match(one("F32", 8), {}, {.extra = extra_tensors::ignore}) == "fine");
}

TEST_CASE("halves are widened for floats and doubles unless that is not allowed",
          "[runtime][weight_report]") {
  CHECK(match(one("F16", 4), wants_f32) == "fine");
  CHECK(match(one("BF16", 4), wants_f32) == "fine");
  CHECK(match(one("F16", 4), wants_f64) == "fine");
  CHECK(match(one("F32", 8), wants_f64) == "fine");
  CHECK(match(one("BF16", 4), wants_f32, {.may_widen = false}) ==
        "'w' is bf16[2], the model reads f32[2] (widening is not allowed)");
}

TEST_CASE("doubles are rounded to floats only when that is allowed", "[runtime][weight_report]") {
  CHECK(match(one("F64", 16), wants_f32) ==
        "'w' is f64[2], the model reads f32[2] (rounding is not allowed)");
  CHECK(match(one("F64", 16), wants_f32, {.may_round = true}) == "fine");
  CHECK(match(one("F64", 16), wants_f64, {.may_widen = false}) == "fine");
}

TEST_CASE("a dtype that etch does not have is refused by name, when it is read",
          "[runtime][weight_report]") {
  CHECK(match(one("F8_E4M3", 2), wants_f32) ==
        "'w' is F8_E4M3[2], a dtype that etch does not have, the model reads f32[2]");
  CHECK(match(one("U64", 16), {}, {.extra = extra_tensors::ignore}) == "fine");
  std::string const bytes = one("U64", 16);
  auto file = safetensors::from_memory(as_bytes(bytes), "m").value_or_throw();
  CHECK(match_weights(file, wants_f32).error().code == errc::unsupported);
}

TEST_CASE("NaN are refused on request", "[runtime][weight_report]") {
  std::string bytes = one("F32", 8);
  bytes.replace(bytes.size() - 4, 4, std::string("\0\0\xc0\x7f", 4));
  CHECK(match(bytes, wants_f32) == "fine");
  CHECK(match(bytes, wants_f32, {.refuse_nan = true}) == "'w' holds 1 NaN among 2 elements");
}

TEST_CASE("two hundred missing parameters give a short report", "[runtime][weight_report]") {
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("layer." + std::to_string(i));
  std::vector<wanted_weight> wanted;
  for (auto const& name : names) wanted.push_back({name, dtype::f32, narrow});
  std::string const text = match(one("F32", 8), wanted);
  REQUIRE(text.starts_with("201 problems:\n  'layer.0' is missing, the model reads f32[2]\n"));
  REQUIRE(text.ends_with("\n  and 181 more"));
}
