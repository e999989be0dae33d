#include <etch/ir/dtype.hpp>

#include <string>

#include "catch.hpp"

namespace {

using etch::ir::dtype;
using etch::ir::dtype_of;

template <class T>
constexpr bool has_the_size_of_its_type() {
  return etch::ir::size_of(dtype_of<T>) == sizeof(T);
}

template <class T>
concept has_dtype = requires {
  dtype_of<T>;
};

}  // namespace

TEST_CASE("a dtype is as large as the C++ type it stands for", "[ir][dtype]") {
  STATIC_REQUIRE(has_the_size_of_its_type<float>());
  STATIC_REQUIRE(has_the_size_of_its_type<double>());
  STATIC_REQUIRE(has_the_size_of_its_type<std::int8_t>());
  STATIC_REQUIRE(has_the_size_of_its_type<std::int16_t>());
  STATIC_REQUIRE(has_the_size_of_its_type<std::int32_t>());
  STATIC_REQUIRE(has_the_size_of_its_type<std::int64_t>());
  STATIC_REQUIRE(has_the_size_of_its_type<std::uint8_t>());
  STATIC_REQUIRE(has_the_size_of_its_type<bool>());
  STATIC_REQUIRE(etch::ir::size_of(dtype::f16) == 2);
  STATIC_REQUIRE(etch::ir::size_of(dtype::bf16) == 2);
}

TEST_CASE("dtype_of names the dtype of a C++ type", "[ir][dtype]") {
  STATIC_REQUIRE(dtype_of<float> == dtype::f32);
  STATIC_REQUIRE(dtype_of<double> == dtype::f64);
  STATIC_REQUIRE(dtype_of<std::int8_t> == dtype::i8);
  STATIC_REQUIRE(dtype_of<std::int16_t> == dtype::i16);
  STATIC_REQUIRE(dtype_of<std::int32_t> == dtype::i32);
  STATIC_REQUIRE(dtype_of<std::int64_t> == dtype::i64);
  STATIC_REQUIRE(dtype_of<std::uint8_t> == dtype::u8);
  STATIC_REQUIRE(dtype_of<bool> == dtype::bool_);
}

TEST_CASE("dtype_of refuses a type that no tensor holds", "[ir][dtype]") {
  STATIC_REQUIRE(has_dtype<float>);
  STATIC_REQUIRE_FALSE(has_dtype<unsigned>);
  STATIC_REQUIRE_FALSE(has_dtype<char*>);
  STATIC_REQUIRE_FALSE(has_dtype<float const>);
}

TEST_CASE("every dtype has its own name", "[ir][dtype]") {
  std::string names;
  for (std::size_t i = 0; i < etch::ir::dtype_count; ++i) {
    names += to_string(static_cast<dtype>(i));
    names += ' ';
  }
  REQUIRE(names == "f32 f64 f16 bf16 i8 i16 i32 i64 u8 bool ");
}

TEST_CASE("f16, bf16, f32 and f64 are the floating dtypes", "[ir][dtype]") {
  std::string floating;
  for (std::size_t i = 0; i < etch::ir::dtype_count; ++i) {
    auto type = static_cast<dtype>(i);
    if (is_floating(type)) floating += std::string(to_string(type)) + ' ';
  }
  REQUIRE(floating == "f32 f64 f16 bf16 ");
}
