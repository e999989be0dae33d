#include <etch/runtime/problem_list.hpp>

#include <string>

#include "catch.hpp"

using etch::errc;
using etch::runtime::in_quotes;
using etch::runtime::problem_list;

TEST_CASE("a quoted name shows control characters and broken UTF-8 as numbers",
          "[runtime][problem_list]") {
  REQUIRE(in_quotes("fc1.weight") == "'fc1.weight'");
  REQUIRE(in_quotes("") == "''");
  REQUIRE(in_quotes("caf\xc3\xa9") == "'caf\xc3\xa9'");
  REQUIRE(in_quotes("a\nb\x1b[2J\x7f") == "'a\\x0ab\\x1b[2J\\x7f'");
  REQUIRE(in_quotes("\xff\xc3") == "'\\xff\\xc3'");
  REQUIRE(in_quotes("\xc2\x9b"
                    "31m") == "'\\xc2\\x9b31m'");
  REQUIRE(in_quotes(std::string(1, '\0')) == "'\\x00'");
}

TEST_CASE("a quoted name is cut after 80 bytes, between characters", "[runtime][problem_list]") {
  REQUIRE(in_quotes(std::string(80, 'a')) == "'" + std::string(80, 'a') + "'");
  REQUIRE(in_quotes(std::string(81, 'a')) == "'" + std::string(80, 'a') + "...'");
  REQUIRE(in_quotes(std::string(79, 'a') + "\xc3\xa9") == "'" + std::string(79, 'a') + "...'");
}

TEST_CASE("one problem is told on one line", "[runtime][problem_list]") {
  problem_list problems;
  REQUIRE(problems.empty());
  problems.add(errc::mismatch, "it is blue");
  auto const why = problems.to_error("load", "a.bin");
  REQUIRE(why.text == "etch: load: 'a.bin': it is blue");
  REQUIRE(why.where == "a.bin");
  REQUIRE(why.code == errc::mismatch);
}

TEST_CASE("several problems are told on a line each, with the code of the first",
          "[runtime][problem_list]") {
  problem_list problems;
  problems.add(errc::unsupported, "it is blue");
  problems.add(errc::mismatch, "it is round");
  auto const why = problems.to_error("load", "a.bin");
  REQUIRE(why.text == "etch: load: 'a.bin': 2 problems:\n  it is blue\n  it is round");
  REQUIRE(why.code == errc::unsupported);
}

TEST_CASE("after 20 problems the rest is counted", "[runtime][problem_list]") {
  problem_list problems;
  for (int i = 1; i <= 1000; ++i) {
    REQUIRE(problems.full() == (i > 20));
    problems.add(errc::mismatch, "number " + std::to_string(i) + ".");
  }
  std::string const text = problems.to_error("load", "a.bin").text;
  REQUIRE(text.find("1000 problems:") != text.npos);
  REQUIRE(text.find("number 20.") != text.npos);
  REQUIRE(text.find("number 21.") == text.npos);
  REQUIRE(text.ends_with("\n  and 980 more"));
}
