#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include <etch/core/result.hpp>

#include "support/output_place.hpp"

namespace amp {

/// The command line.
struct options {
  std::string in;
  std::string out = "amp.wav";
  std::string target;  // none if empty
  std::string svg = "amp.svg";
  std::string weights = ETCH_SOURCE_DIR "/examples/amp/amp.safetensors";
  int block = 64;
  bool help = false;
};

inline constexpr std::string_view usage =
    "usage: example_amp --in FILE [--out FILE] [--target FILE] [--svg FILE] [--block N]\n"
    "                   [--weights FILE] [--help]\n"
    "Plays a guitar through a net that has learned a tube amplifier, by blocks as an audio\n"
    "callback gets them, and says what that costs.\n"
    "  --in FILE       the guitar: a WAV with one channel and 48000 samples a second\n"
    "  --out FILE      the WAV to write; default amp.wav\n"
    "  --target FILE   a WAV to compare the result with\n"
    "  --svg FILE      a picture of the waveforms; default amp.svg\n"
    "  --block N       samples for each call of the callback, 1 to 65536; default 64\n"
    "  --weights FILE  safetensors of the net; default the one that learned the amplifier\n"
    "The environment variable ETCH_ISA (sse4_2, avx2, avx512) overrides the choice of the\n"
    "instruction set.\n";

namespace detail {

inline etch::error bad_option(std::string const& what) {
  return {etch::errc::invalid_argument, "etch: amp: " + what, "command line"};
}

/// A number within [1, most], and nothing before or behind.
inline bool read_number(std::string_view text, int most, int& into) {
  char const* const end = text.data() + text.size();
  auto const [rest, code] = std::from_chars(text.data(), end, into);
  return code == std::errc() && rest == end && into >= 1 && into <= most;
}

}  // namespace detail

/// errors  an unknown option, an option without its value or with a bad one, no --in
inline etch::result<options> parse_options(int count, char const* const* arguments) {
  options found;
  for (int i = 1; i < count; ++i) {
    std::string const name = arguments[i];
    if (name == "--help" || name == "-h") {
      found.help = true;
      return found;
    }
    std::string* const text = name == "--in"        ? &found.in
                              : name == "--out"     ? &found.out
                              : name == "--target"  ? &found.target
                              : name == "--svg"     ? &found.svg
                              : name == "--weights" ? &found.weights
                                                    : nullptr;
    if (text == nullptr && name != "--block")
      return detail::bad_option(
          "unknown option '" + name +
          "', expected --in, --out, --target, --svg, --block, --weights or --help");
    if (++i == count) return detail::bad_option(name + " has no value");
    if (text != nullptr)
      *text = arguments[i];
    else if (!detail::read_number(arguments[i], 65536, found.block))
      return detail::bad_option("--block is '" + std::string(arguments[i]) +
                                "', expected a number from 1 to 65536");
  }
  if (found.in.empty()) return detail::bad_option("no --in, expected the WAV of a guitar");
  if (auto const place = support::check_output_place("amp", "--out", found.out); !place)
    return place.error();
  if (auto const place = support::check_output_place("amp", "--svg", found.svg); !place)
    return place.error();
  return found;
}

}  // namespace amp
