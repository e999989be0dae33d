#pragma once

#include <string>
#include <string_view>

#include <etch/core/isa.hpp>
#include <etch/core/result.hpp>

namespace bench {

inline constexpr int most_threads = 256;

/// The command line.
struct options {
  std::string filter;
  std::string json;
  etch::isa set = etch::compiled_isa;
  int threads = 1;
  double seconds = 0.5;
  bool list = false;
  bool help = false;
};

extern std::string_view const usage;

/// errors  an unknown option, an option without its value or with a bad one
etch::result<options> parse_options(int count, char const* const* arguments);

}  // namespace bench
