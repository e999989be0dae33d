#include "options.hpp"

#include <charconv>
#include <cmath>
#include <regex>
#include <string>

namespace bench {

std::string_view const usage =
    "usage: etch_bench [--filter REGEX] [--json FILE] [--isa NAME] [--threads N] [--seconds S]\n"
    "                  [--list] [--help]\n"
    "Times nets that are compiled into it, and the same nets op by op; bench/README.md says how.\n"
    "  --filter REGEX  only workloads in whose name REGEX is found\n"
    "  --json FILE     writes all figures to FILE\n"
    "  --isa NAME      runs the program that is built for sse4_2, avx2 or avx512 (beside this "
    "one:\n"
    "                  targets etch_bench_<NAME>); default is what this one is built for\n"
    "  --threads N     threads of one call; default 1\n"
    "  --seconds S     how long to time each workload, 0.001 to 60; default 0.5\n"
    "  --list          names the workloads and runs none\n";

namespace {

etch::error bad_option(std::string const& what) {
  return {etch::errc::invalid_argument, "etch: bench: " + what, "command line"};
}

template <class T>
bool read_number(std::string const& text, T& number) {
  char const* const end = text.data() + text.size();
  auto const [rest, code] = std::from_chars(text.data(), end, number);
  return code == std::errc() && rest == end;
}

etch::result<void> set_option(options& into, std::string const& name, std::string const& value) {
  if (name == "--filter") {
    try {
      std::regex const compiled(value);
    } catch (std::regex_error const&) {
      return bad_option("--filter '" + value + "' is no regular expression");
    }
    into.filter = value;
  } else if (name == "--json") {
    if (value.empty()) return bad_option("--json is empty, expected the name of a file");
    into.json = value;
  } else if (name == "--isa") {
    auto const set = etch::parse_isa(value);
    if (!set)
      return bad_option("--isa is '" + value +
                        "', expected one of sse2, sse4_2, avx2, avx512, neon64, generic");
    into.set = *set;
  } else if (name == "--threads") {
    if (!read_number(value, into.threads) || into.threads < 1)
      return bad_option("--threads is '" + value + "', expected a number from 1");
    if (into.threads > most_threads)
      return bad_option("--threads is " + value + ", but a call has " +
                        std::to_string(most_threads) + " threads at most");
  } else {
    if (!read_number(value, into.seconds) ||
        !(into.seconds >= 0.001 && into.seconds <= 60))  // also refuses NaN
      return bad_option("--seconds is '" + value + "', expected a number from 0.001 to 60");
  }
  return {};
}

}  // namespace

etch::result<options> parse_options(int count, char const* const* arguments) {
  options found;
  for (int i = 1; i < count; ++i) {
    std::string const name = arguments[i];
    if (name == "--help" || name == "-h") {
      found.help = true;
      return found;
    }
    if (name == "--list") {
      found.list = true;
      continue;
    }
    if (name != "--filter" && name != "--json" && name != "--isa" && name != "--threads" &&
        name != "--seconds")
      return bad_option("unknown option '" + name +
                        "', expected --filter, --json, --isa, --threads, --seconds, --list or "
                        "--help");
    if (++i == count) return bad_option(name + " has no value");
    if (auto const done = set_option(found, name, arguments[i]); !done) return done.error();
  }
  return found;
}

}  // namespace bench
