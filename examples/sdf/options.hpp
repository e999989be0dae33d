#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include <etch/core/result.hpp>

#include "support/output_place.hpp"

namespace sdf {

/// The command line.
struct options {
  int width = 960;
  int height = 540;
  std::string out = "sdf.png";
  std::string weights = ETCH_SOURCE_DIR "/examples/sdf/sdf.safetensors";
  bool help = false;
};

inline constexpr std::string_view usage =
    "usage: example_sdf [--size WIDTHxHEIGHT] [--out FILE] [--weights FILE] [--help]\n"
    "Renders a neural signed distance field to a PNG, then shows what the compiler made of the "
    "net\n"
    "and how it compares with running it op by op.\n"
    "  --size WIDTHxHEIGHT  of the picture in pixels, each 1 to 8192; default 960x540\n"
    "  --out FILE           the PNG; default sdf.png\n"
    "  --weights FILE       safetensors of the net; default the one that was trained for the "
    "picture\n"
    "The environment variable ETCH_ISA (sse4_2, avx2, avx512) overrides the choice of the\n"
    "instruction set.\n";

namespace detail {

inline etch::error bad_option(std::string const& what) {
  return {etch::errc::invalid_argument, "etch: sdf: " + what, "command line"};
}

/// "960x540", and nothing before, between or behind.
inline bool read_size(std::string_view text, options& into) {
  auto const number = [&](int& n) {
    auto const [rest, code] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (code != std::errc() || n < 1 || n > 8192) return false;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return true;
  };
  if (!number(into.width) || !text.starts_with('x')) return false;
  text.remove_prefix(1);
  return number(into.height) && text.empty();
}

}  // namespace detail

/// errors  an unknown option, an option without its value or with a bad one
inline etch::result<options> parse_options(int count, char const* const* arguments) {
  options found;
  for (int i = 1; i < count; ++i) {
    std::string const name = arguments[i];
    if (name == "--help" || name == "-h") {
      found.help = true;
      return found;
    }
    if (name != "--size" && name != "--out" && name != "--weights")
      return detail::bad_option("unknown option '" + name +
                                "', expected --size, --out, --weights or --help");
    if (++i == count) return detail::bad_option(name + " has no value");
    std::string const value = arguments[i];
    if (name == "--out") found.out = value;
    if (name == "--weights") found.weights = value;
    if (name == "--size" && !detail::read_size(value, found))
      return detail::bad_option("--size is '" + value +
                                "', expected WIDTHxHEIGHT, each from 1 to 8192");
  }
  auto const place = support::check_output_place("sdf", "--out", found.out);
  if (!place) return place.error();
  return found;
}

}  // namespace sdf
