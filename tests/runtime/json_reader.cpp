#include <etch/runtime/json_reader.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

using etch::runtime::json_kind;
using etch::runtime::json_reader;

/// "" if the text is JSON, else `<byte>: <problem>`.
std::string check(std::string_view text) {
  json_reader json(text);
  json.skip_value();
  if (json.finish()) return "";
  return std::to_string(json.offset()) + ": " + json.problem();
}

std::string string_in(std::string_view text) {
  json_reader json(text);
  std::string out;
  if (!json.read_string(out) || !json.finish()) return "failed: " + std::string(json.problem());
  return out;
}

}  // namespace

TEST_CASE("every kind of JSON value is read", "[runtime][json_reader]") {
  for (std::string_view text :
       {"{}", "[]", "\"\"", "0", "true", "false", "null", " \t\r\n[ 1 , 2 ]\n",
        "{\"a\":{\"b\":[{}]}}", "-0", "10", "-1.5e+10", "1E2", "0.0", "[[],[[]],{}]"})
    CHECK(check(text) == "");
}

TEST_CASE("what is not JSON is refused, with the byte at fault", "[runtime][json_reader]") {
  CHECK(check("") == "0: a value is expected");
  CHECK(check("  ") == "2: a value is expected");
  CHECK(check("[1,]") == "3: a value is expected");
  CHECK(check("[,1]") == "1: a value is expected");
  CHECK(check("[1 2]") == "3: ',' or ']' is expected");
  CHECK(check("[1") == "2: ',' or ']' is expected");
  CHECK(check("[1}") == "2: ',' or ']' is expected");
  CHECK(check("{\"a\":1,}") == "7: a key in quotes is expected");
  CHECK(check("{a:1}") == "1: a key in quotes is expected");
  CHECK(check("{'a':1}") == "1: a key in quotes is expected");
  CHECK(check("{\"a\" 1}") == "5: ':' is expected after a key");
  CHECK(check("{\"a\":}") == "5: a value is expected");
  CHECK(check("{\"a\":1") == "6: ',' or '}' is expected");
  CHECK(check("{} {}") == "3: nothing is expected after the value");
  CHECK(check("1 // note") == "2: nothing is expected after the value");
  CHECK(check("nul") == "0: a value is expected");
  CHECK(check("True") == "0: a value is expected");
  CHECK(check("NaN") == "0: a value is expected");
  CHECK(check("\xef\xbb\xbf{}") == "0: a value is expected");
  CHECK(check(std::string_view("\0", 1)) == "0: a value is expected");
  CHECK(check("\xa0[]") == "0: a value is expected");
}

TEST_CASE("numbers follow the grammar of JSON", "[runtime][json_reader]") {
  CHECK(check("01") == "1: nothing is expected after the value");
  CHECK(check("-") == "1: a digit is expected");
  CHECK(check("+1") == "0: a value is expected");
  CHECK(check(".5") == "0: a value is expected");
  CHECK(check("1.") == "2: a digit is expected after the point");
  CHECK(check("1e") == "2: a digit is expected in the exponent");
  CHECK(check("1e+") == "3: a digit is expected in the exponent");
  CHECK(check("0x10") == "1: nothing is expected after the value");
}

TEST_CASE("escapes stand for their characters", "[runtime][json_reader]") {
  CHECK(string_in(R"("plain")") == "plain");
  CHECK(string_in(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(string_in(R"("\u0041\u00e9\u20AC")") == "A\xc3\xa9\xe2\x82\xac");
  CHECK(string_in(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
  CHECK(string_in(R"("\udbff\udfff")") == "\xf4\x8f\xbf\xbf");
  CHECK(string_in(R"("\u0000")") == std::string(1, '\0'));
  CHECK(string_in("\"caf\xc3\xa9\"") == "caf\xc3\xa9");
}

TEST_CASE("broken strings are refused, with the byte at fault", "[runtime][json_reader]") {
  CHECK(check("\"abc") == "0: the string has no end");
  CHECK(check("[\"abc\\\"") == "1: the string has no end");
  CHECK(check("\"a\nb\"") == "2: the string holds a control character");
  CHECK(check(std::string_view("\"a\0b\"", 5)) == "2: the string holds a control character");
  CHECK(check("\"a\xff\"") == "2: the string holds bytes that are not UTF-8");
  CHECK(check("\"\xc3") == "1: the string holds bytes that are not UTF-8");
  CHECK(check("\"\xed\xa0\x80\"") == "1: the string holds bytes that are not UTF-8");
  CHECK(check(R"("\x41")") == "2: the string holds an unknown escape");
  CHECK(check(R"("\)") == "2: the string holds an unknown escape");
  CHECK(check(R"("\u12g4")") == "5: four hexadecimal digits are expected after \\u");
  CHECK(check(R"("\u12)") == "5: four hexadecimal digits are expected after \\u");
}

TEST_CASE("half of a surrogate pair is refused", "[runtime][json_reader]") {
  for (std::string_view text : {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\n")",
                                R"("\ud83d\u0041")", R"("\ud83d\ud83d")", R"("\ude00\ud83d")"})
    CHECK(check(text) == "1: the string holds half of a surrogate pair");
}

TEST_CASE("text may be nested 32 deep and no deeper", "[runtime][json_reader]") {
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(check(nested(json_reader::deepest)) == "");
  CHECK(check(nested(json_reader::deepest + 1)) == "32: the text is nested too deeply");
  CHECK(check(std::string(10'000'000, '[')) == "32: the text is nested too deeply");
}

TEST_CASE("members and elements are handed out in their order", "[runtime][json_reader]") {
  json_reader json(R"({"a":[1,-2.5],"b":"x"})");
  std::string key;
  std::string_view number;
  REQUIRE(json.next() == json_kind::object);
  REQUIRE(json.enter_object());
  REQUIRE(json.next_key(key));
  REQUIRE(key == "a");
  REQUIRE(json.enter_array());
  REQUIRE(json.next_element());
  REQUIRE(json.read_number(number));
  REQUIRE(number == "1");
  REQUIRE(json.next_element());
  REQUIRE(json.read_number(number));
  REQUIRE(number == "-2.5");
  REQUIRE_FALSE(json.next_element());
  REQUIRE(json.next_key(key));
  REQUIRE(key == "b");
  REQUIRE(json.next() == json_kind::string);
  REQUIRE(json.skip_value());
  REQUIRE_FALSE(json.next_key(key));
  REQUIRE(json.finish());
}

TEST_CASE("after a failure the reader reads nothing more", "[runtime][json_reader]") {
  json_reader json("{\"a\" 1}");
  std::string key;
  json.enter_object();
  REQUIRE_FALSE(json.next_key(key));
  std::size_t const at = json.offset();
  std::string_view number;
  REQUIRE(json.failed());
  REQUIRE(json.next() == json_kind::nothing);
  REQUIRE_FALSE(json.read_number(number));
  REQUIRE_FALSE(json.next_key(key));
  REQUIRE_FALSE(json.skip_value());
  REQUIRE_FALSE(json.finish());
  REQUIRE(json.offset() == at);
}
