#include "etch/core/isa.hpp"

#include <string>

#include "catch.hpp"

namespace {

using etch::isa;

constexpr isa all[] = {isa::sse2, isa::sse4_2, isa::avx2, isa::avx512, isa::neon64, isa::generic};

constexpr bool names_come_back() {
  for (isa set : all)
    if (etch::parse_isa(etch::to_string(set)) != set) return false;
  return true;
}

constexpr bool other_text_is_refused() {
  return !etch::parse_isa("") && !etch::parse_isa("avx") && !etch::parse_isa("avx2 ") &&
         !etch::parse_isa("AVX2");
}

#define ETCH_TEST_TEXT_OF(x) #x
#define ETCH_TEST_TEXT(x) ETCH_TEST_TEXT_OF(x)

}  // namespace

TEST_CASE("the name of an instruction set parses back to it, other text does not", "[core]") {
  STATIC_REQUIRE(names_come_back());
  STATIC_REQUIRE(other_text_is_refused());
  REQUIRE(names_come_back());
  REQUIRE(other_text_is_refused());
}

TEST_CASE("the namespace of kernels is named after the compiled instruction set", "[core]") {
  CHECK(std::string(ETCH_TEST_TEXT(ETCH_ISA)) ==
        "isa_" + std::string(etch::to_string(etch::compiled_isa)));
}
