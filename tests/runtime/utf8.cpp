#include <etch/runtime/utf8.hpp>

#include <string>

#include "catch.hpp"

namespace {

using etch::runtime::append_utf8;
using etch::runtime::first_bad_utf8;
using etch::runtime::utf8_length;

std::string utf8(unsigned long code_point) {
  std::string text;
  append_utf8(text, code_point);
  return text;
}

}  // namespace

TEST_CASE("every code point is one UTF-8 character of the right length", "[runtime][utf8]") {
  for (unsigned long code = 0; code < 0x110000; ++code) {
    if (code >= 0xd800 && code < 0xe000) continue;
    std::string const text = utf8(code);
    std::size_t const length = code < 0x80 ? 1u : code < 0x800 ? 2u : code < 0x10000 ? 3u : 4u;
    if (text.size() != length || utf8_length(text) != length) FAIL("code point " << code);
  }
  SUCCEED();
}

TEST_CASE("UTF-8 that breaks off is no character", "[runtime][utf8]") {
  for (unsigned long code : {0x80ul, 0x800ul, 0x10000ul, 0x10fffful}) {
    std::string const text = utf8(code);
    for (std::size_t n = 0; n < text.size(); ++n) REQUIRE(utf8_length(text.substr(0, n)) == 0);
  }
}

TEST_CASE("overlong forms, surrogates and values past U+10FFFF are no characters",
          "[runtime][utf8]") {
  STATIC_REQUIRE(utf8_length("\xc0\x80") == 0);
  STATIC_REQUIRE(utf8_length("\xc1\xbf") == 0);
  STATIC_REQUIRE(utf8_length("\xe0\x9f\xbf") == 0);
  STATIC_REQUIRE(utf8_length("\xf0\x8f\xbf\xbf") == 0);
  STATIC_REQUIRE(utf8_length("\xed\xa0\x80") == 0);
  STATIC_REQUIRE(utf8_length("\xed\xbf\xbf") == 0);
  STATIC_REQUIRE(utf8_length("\xf4\x90\x80\x80") == 0);
  STATIC_REQUIRE(utf8_length("\xf5\x80\x80\x80") == 0);
  STATIC_REQUIRE(utf8_length("\x80") == 0);
  STATIC_REQUIRE(utf8_length("\xff") == 0);
  STATIC_REQUIRE(utf8_length("\xc3\x28") == 0);
}

TEST_CASE("the first byte that is not UTF-8 is found", "[runtime][utf8]") {
  STATIC_REQUIRE(first_bad_utf8("") == 0);
  STATIC_REQUIRE(first_bad_utf8("h\xc3\xa9h\xc3\xa9") == 6);
  STATIC_REQUIRE(first_bad_utf8("h\xc3\xa9\xa9") == 3);
}
