#include <etch/runtime/safetensors.hpp>

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/weights_bytes.hpp"

namespace {

using etch::errc;
using etch::safetensors;
using etch_test::as_bytes;
using etch_test::weights_bytes;

/// The text that reading gives: the problem after "etch: safetensors: 'x': ", or "fine".
std::string read(std::string const& file) {
  auto parsed = safetensors::from_memory(as_bytes(file), "x");
  if (parsed) return "fine";
  std::string const start = "etch: safetensors: 'x': ";
  REQUIRE(parsed.error().text.starts_with(start));
  REQUIRE(parsed.error().where == "x");
  REQUIRE(parsed.error().code == errc::bad_format);
  return parsed.error().text.substr(start.size());
}

std::string read(std::string_view header, std::size_t data_bytes) {
  return read(weights_bytes(header, data_bytes));
}

/// A header with one tensor "w".
std::string one(std::string_view dtype, std::string_view shape, std::string_view offsets) {
  return "{\"w\":{\"dtype\":\"" + std::string(dtype) + "\",\"shape\":" + std::string(shape) +
         ",\"data_offsets\":" + std::string(offsets) + "}}";
}

constexpr std::string_view two_tensors =
    R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
    R"("a":{"dtype":"U8","shape":[2,2],"data_offsets":[8,12]},"__metadata__":{"by":"hand"}})";

}  // namespace

TEST_CASE("tensors are found by name, with dtype, shape and data", "[runtime][safetensors]") {
  std::string bytes = weights_bytes(two_tensors, 12);
  float const values[2] = {1.5f, -2.0f};
  std::memcpy(bytes.data() + bytes.size() - 12, values, sizeof(values));
  auto file = safetensors::from_memory(as_bytes(bytes), "x").value_or_throw();
  REQUIRE(file.name() == "x");
  REQUIRE(file.tensors().size() == 2);
  REQUIRE(file.tensors()[0].name == "a");
  REQUIRE(file.tensors()[1].name == "b");
  auto const* b = file.find("b");
  REQUIRE(b);
  REQUIRE(b->type.type == etch::ir::dtype::f32);
  REQUIRE(b->shape == std::vector<std::int64_t>{2});
  REQUIRE(std::memcmp(b->data.data(), values, sizeof(values)) == 0);
  REQUIRE(static_cast<void const*>(b->data.data()) == bytes.data() + bytes.size() - 12);
  REQUIRE(file.find("a")->elements() == 4);
  REQUIRE(file.find("c") == nullptr);
  REQUIRE(file.find("") == nullptr);
  REQUIRE(file.metadata().size() == 1);
  REQUIRE(file.metadata().at("by") == "hand");
}

TEST_CASE("scalars, empty tensors, padding and files without tensors are fine",
          "[runtime][safetensors]") {
  CHECK(read("{}", 0) == "fine");
  CHECK(read("{}      ", 0) == "fine");
  CHECK(read(R"({"__metadata__":{}})", 0) == "fine");
  CHECK(read(one("F32", "[]", "[0,4]"), 4) == "fine");
  CHECK(read(one("F32", "[3,0]", "[0,0]"), 0) == "fine");
  CHECK(read(R"({"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1) == "fine");
  CHECK(read(R"({"e":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},)"
             R"("w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
             1) == "fine");
}

TEST_CASE("a file too short for its length field is refused", "[runtime][safetensors]") {
  CHECK(read("") == "the file is empty");
  CHECK(read("1234567") == "the file has 7 bytes, at least 8 are expected");
}

TEST_CASE("a header past the end of the file is refused", "[runtime][safetensors]") {
  CHECK(read(weights_bytes("{}", 0, 3)) ==
        "the header claims 3 bytes, the file has 2 after the length");
  CHECK(read(weights_bytes("{}", 0, 100'000'000)) ==
        "the header claims 100000000 bytes, the file has 2 after the length");
}

TEST_CASE("a header that claims 10 GB is refused unread", "[runtime][safetensors]") {
  CHECK(read(weights_bytes("{}", 0, 10'000'000'000)) ==
        "the header claims 10000000000 bytes, at most 100000000 are allowed");
  CHECK(read(weights_bytes("{}", 0, 100'000'001)) ==
        "the header claims 100000001 bytes, at most 100000000 are allowed");
  CHECK(read(std::string(8, '\xff')) ==
        "the header claims 18446744073709551615 bytes, at most 100000000 are allowed");
}

TEST_CASE("a header that is not JSON is refused with the byte in the file",
          "[runtime][safetensors]") {
  CHECK(read("", 0) == "the header does not begin with '{'");
  CHECK(read(" {}", 0) == "the header does not begin with '{'");
  CHECK(read("[]", 0) == "the header does not begin with '{'");
  CHECK(read("{", 0) == "byte 9: the header is not JSON: a key in quotes is expected");
  CHECK(read("{}x", 0) == "byte 10: the header is not JSON: nothing is expected after the value");
  CHECK(read(std::string_view("{}\0", 3), 0) ==
        "byte 10: the header is not JSON: nothing is expected after the value");
  CHECK(read("{\"w\":{\"dtype\":\"F32\"", 0) ==
        "byte 27: the header is not JSON: ',' or '}' is expected");
}

TEST_CASE("a name that is not UTF-8 is refused", "[runtime][safetensors]") {
  CHECK(read("{\"\xff\":{}}", 0) ==
        "byte 10: the header is not JSON: the string holds bytes that are not UTF-8");
  CHECK(read("{\"\\ud800\":{}}", 0) ==
        "byte 10: the header is not JSON: the string holds half of a surrogate pair");
}

TEST_CASE("escapes in names are resolved before names are compared", "[runtime][safetensors]") {
  std::string const bytes =
      weights_bytes(R"({"\u0077\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1);
  auto file = safetensors::from_memory(as_bytes(bytes), "x").value_or_throw();
  REQUIRE(file.find("w\xf0\x9f\x98\x80"));
  CHECK(read(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
             R"("\u0077":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
             2) == "'w' is given twice");
}

TEST_CASE("a key given twice is refused", "[runtime][safetensors]") {
  CHECK(read(R"({"w":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}})", 1) ==
        "'w': dtype is given twice");
  CHECK(read(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"shape":[1]}})", 1) ==
        "'w': shape is given twice");
  CHECK(read(R"({"w":{"data_offsets":[0,1],"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1) ==
        "'w': data_offsets is given twice");
  CHECK(read(R"({"__metadata__":{"a":"1","\u0061":"2"}})", 0) ==
        "'__metadata__': 'a' is given twice");
  CHECK(read(R"({"__metadata__":{},"__metadata__":{}})", 0) == "'__metadata__' is given twice");
}

TEST_CASE("an entry without its keys, or with others, is refused", "[runtime][safetensors]") {
  CHECK(read(R"({"w":{"dtype":"U8","shape":[1]}})", 0) == "'w' has no data_offsets");
  CHECK(read(R"({"w":{"dtype":"U8","data_offsets":[0,1]}})", 1) == "'w' has no shape");
  CHECK(read(R"({"w":{"shape":[1],"data_offsets":[0,1]}})", 1) == "'w' has no dtype");
  CHECK(read(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":[{"y":1}]}})", 1) ==
        "'w': unknown key 'x'");
}

TEST_CASE("values of the wrong kind are refused", "[runtime][safetensors]") {
  CHECK(read(R"({"w":[1]})", 0) == "'w' is not an object with dtype, shape and data_offsets");
  CHECK(read(R"({"w":null})", 0) == "'w' is not an object with dtype, shape and data_offsets");
  CHECK(read(R"({"w":{"dtype":1,"shape":[1],"data_offsets":[0,1]}})", 1) ==
        "'w': dtype is not a string");
  CHECK(read(one("U8", "\"1\"", "[0,1]"), 1) == "'w': shape is not an array");
  CHECK(read(one("U8", "[1]", "{}"), 1) == "'w': data_offsets is not an array");
  CHECK(read(R"({"__metadata__":[]})", 0) == "'__metadata__' is not an object");
  CHECK(read(R"({"__metadata__":{"epoch":12}})", 0) == "'__metadata__': 'epoch' is not a string");
}

TEST_CASE("an unknown dtype is refused", "[runtime][safetensors]") {
  CHECK(read(one("F31", "[1]", "[0,4]"), 4) == "'w': unknown dtype 'F31'");
  CHECK(read(one("f32", "[1]", "[0,4]"), 4) == "'w': unknown dtype 'f32'");
}

TEST_CASE("dtypes that etch does not have are read and marked", "[runtime][safetensors]") {
  std::string const bytes = weights_bytes(one("F8_E4M3", "[3]", "[0,3]"), 3);
  auto file = safetensors::from_memory(as_bytes(bytes), "x").value_or_throw();
  REQUIRE_FALSE(file.find("w")->type.type);
  REQUIRE(file.find("w")->type.name == "F8_E4M3");
  REQUIRE(file.find("w")->elements() == 3);
  CHECK(read(one("U16", "[3]", "[0,6]"), 6) == "fine");
  CHECK(read(one("F4", "[2,3]", "[0,3]"), 3) == "fine");
  CHECK(read(one("C64", "[2]", "[0,15]"), 15) ==
        "'w' is C64[2], which takes 16 bytes, but data_offsets [0,15) span 15");
}

TEST_CASE("dimensions that are no counts are refused", "[runtime][safetensors]") {
  CHECK(read(one("U8", "[-1]", "[0,1]"), 1) == "'w': shape holds '-1', which is negative");
  CHECK(read(one("U8", "[1.0]", "[0,1]"), 1) ==
        "'w': shape holds '1.0', which is not a plain whole number");
  CHECK(read(one("U8", "[1e0]", "[0,1]"), 1) ==
        "'w': shape holds '1e0', which is not a plain whole number");
  CHECK(read(one("U8", "[9223372036854775808]", "[0,1]"), 1) ==
        "'w': shape holds '9223372036854775808', which is too large");
  CHECK(read(one("U8", "[99999999999999999999999]", "[0,1]"), 1) ==
        "'w': shape holds '99999999999999999999999', which is too large");
  CHECK(read(one("U8", "[1,\"2\"]", "[0,1]"), 1) ==
        "'w': shape holds something that is not a number");
  CHECK(read(one("U8", "[1,[2]]", "[0,1]"), 1) ==
        "'w': shape holds something that is not a number");
}

TEST_CASE("a shape whose size overflows is refused", "[runtime][safetensors]") {
  CHECK(read(one("U8", "[4294967296,4294967296]", "[0,0]"), 0) ==
        "'w' is u8[4294967296,4294967296], whose size cannot be counted in whole bytes of 64 bits");
  CHECK(read(one("F64", "[2305843009213693952]", "[0,0]"), 0) ==
        "'w' is f64[2305843009213693952], whose size cannot be counted in whole bytes of 64 bits");
  CHECK(read(one("F32", "[0,4294967296,4294967296]", "[0,0]"), 0) ==
        "'w' is f32[0,4294967296,4294967296], whose size cannot be counted in whole bytes of 64 "
        "bits");
}

TEST_CASE("elements that do not fill whole bytes are refused", "[runtime][safetensors]") {
  CHECK(read(one("F4", "[3]", "[0,2]"), 2) ==
        "'w' is F4[3], whose size cannot be counted in whole bytes of 64 bits");
}

TEST_CASE("more than 32 dimensions are refused", "[runtime][safetensors]") {
  std::string shape = "[1";
  for (int i = 1; i < 32; ++i) shape += ",1";
  CHECK(read(one("U8", shape + "]", "[0,1]"), 1) == "fine");
  CHECK(read(one("U8", shape + ",1]", "[0,1]"), 1) ==
        "'w': shape has 33 dimensions, at most 32 are expected");
}

TEST_CASE("data_offsets that are not two counts are refused", "[runtime][safetensors]") {
  CHECK(read(one("U8", "[1]", "[0]"), 1) == "'w': data_offsets has 1 elements, 2 are expected");
  CHECK(read(one("U8", "[1]", "[0,1,2]"), 1) == "'w': data_offsets has 3 elements, 2 are expected");
  CHECK(read(one("U8", "[1]", "[-1,1]"), 1) == "'w': data_offsets holds '-1', which is negative");
  CHECK(read(one("U8", "[1]", "[0,18446744073709551616]"), 1) ==
        "'w': data_offsets holds '18446744073709551616', which is too large");
}

TEST_CASE("data_offsets that end before they begin are refused", "[runtime][safetensors]") {
  CHECK(read(one("U8", "[1]", "[1,0]"), 0) == "'w': data_offsets [1,0) end before they begin");
  CHECK(read(one("U8", "[1]", "[18446744073709551615,0]"), 0) ==
        "'w': data_offsets [18446744073709551615,0) end before they begin");
}

TEST_CASE("data_offsets past the data are refused", "[runtime][safetensors]") {
  CHECK(read(one("F32", "[2]", "[0,8]"), 7) ==
        "'w': data_offsets [0,8) end past the data, which are 7 bytes");
  CHECK(read(one("U8", "[1]", "[18446744073709551614,18446744073709551615]"), 0) ==
        "'w': data_offsets [18446744073709551614,18446744073709551615) end past the data, which "
        "are 0 bytes");
}

TEST_CASE("a length that is not dtype times shape is refused", "[runtime][safetensors]") {
  CHECK(read(one("F32", "[2,3]", "[0,20]"), 20) ==
        "'w' is f32[2,3], which takes 24 bytes, but data_offsets [0,20) span 20");
}

TEST_CASE("bytes that belong to no tensor are refused", "[runtime][safetensors]") {
  CHECK(read("{}", 1) == "bytes [0,1) of the data belong to no tensor");
  CHECK(read(one("U8", "[1]", "[0,1]"), 5) == "bytes [1,5) of the data belong to no tensor");
  CHECK(read(one("U8", "[1]", "[4,5]"), 5) == "bytes [0,4) of the data belong to no tensor");
  CHECK(read(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
             R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
             3) == "bytes [1,2) of the data belong to no tensor");
}

TEST_CASE("tensors that share bytes are refused", "[runtime][safetensors]") {
  CHECK(read(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
             R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
             6) == "'b' [2,6) overlaps 'a' [0,4)");
  CHECK(read(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
             R"("b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},)"
             R"("c":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}})",
             8) == "2 problems:\n  'b' [1,2) overlaps 'a' [0,8)\n  'c' [4,5) overlaps 'a' [0,8)");
  CHECK(read(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
             R"("b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})",
             2) == "'b' [0,2) overlaps 'a' [0,2)");
}

TEST_CASE("everything wrong with a file is told at once", "[runtime][safetensors]") {
  CHECK(read(R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]},)"
             R"("b":{"dtype":"F32","shape":[-1],"data_offsets":[4,8]},)"
             R"("c":{"dtype":"F32","shape":[2],"data_offsets":[8,12]},)"
             R"("d":7,)"
             R"("__metadata__":{"n":1}})",
             16) ==
        "5 problems:\n"
        "  'a': unknown dtype 'F31'\n"
        "  'b': shape holds '-1', which is negative\n"
        "  'd' is not an object with dtype, shape and data_offsets\n"
        "  '__metadata__': 'n' is not a string\n"
        "  'c' is f32[2], which takes 8 bytes, but data_offsets [8,12) span 4");
}

TEST_CASE("a hole is not told while a tensor of unknown place could fill it",
          "[runtime][safetensors]") {
  CHECK(read(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
             R"("b":{"dtype":"U8","shape":[1],"data_offsets":[1]}})",
             2) == "'b': data_offsets has 1 elements, 2 are expected");
}

TEST_CASE("problems found before the JSON breaks off are told with it", "[runtime][safetensors]") {
  CHECK(read(R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]},])", 0) ==
        "2 problems:\n  'a': unknown dtype 'F31'\n"
        "  byte 62: the header is not JSON: a key in quotes is expected");
}

TEST_CASE("a file with a hundred thousand wrong tensors gives a short report",
          "[runtime][safetensors]") {
  std::string header = "{";
  for (int i = 0; i < 100'000; ++i) header.append("\"").append(std::to_string(i)).append("\":0,");
  header.back() = '}';
  std::string const text = read(header, 0);
  REQUIRE(text.starts_with("100000 problems:\n  '0' is not an object"));
  REQUIRE(text.ends_with("\n  and 99980 more"));
  REQUIRE(text.size() < 4000);
}

TEST_CASE("a name of a megabyte does not fill the report", "[runtime][safetensors]") {
  REQUIRE(read("{\"" + std::string(1'000'000, 'n') + "\":0}", 0).size() < 400);
}

TEST_CASE("a file that does not exist cannot be opened", "[runtime][safetensors]") {
  etch_test::scratch_folder folder;
  auto file = safetensors::open(folder / "gone.safetensors");
  REQUIRE_FALSE(file);
  REQUIRE(file.error().code == errc::not_found);
  REQUIRE(file.error().text ==
          "etch: open: '" + (folder / "gone.safetensors") + "': No such file or directory");
}

TEST_CASE("an opened file is read where it is mapped, also after a move",
          "[runtime][safetensors]") {
  etch_test::scratch_folder folder;
  std::string const path = folder.write("w.safetensors", weights_bytes(two_tensors, 12));
  auto opened = safetensors::open(path).value_or_throw();
  std::byte const* const data = opened.find("b")->data.data();
  std::vector<safetensors> files;
  files.push_back(std::move(opened));
  REQUIRE(files[0].find("b")->data.data() == data);
  REQUIRE(files[0].find("b")->data[7] == std::byte{0});
  REQUIRE(files[0].name() == path);
  safetensors other = safetensors::open(path).value_or_throw();
  other = std::move(files[0]);
  REQUIRE(other.find("b")->data.data() == data);
  REQUIRE(other.find("b")->data[7] == std::byte{0});
}

TEST_CASE("a broken file on disk is refused with its path", "[runtime][safetensors]") {
  etch_test::scratch_folder folder;
  std::string const path = folder.write("short.safetensors", "abc");
  REQUIRE(safetensors::open(path).error().text ==
          "etch: safetensors: '" + path + "': the file has 3 bytes, at least 8 are expected");
  std::string const empty = folder.write("empty.safetensors", "");
  REQUIRE(safetensors::open(empty).error().text ==
          "etch: safetensors: '" + empty + "': the file is empty");
}
