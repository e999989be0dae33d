#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include <etch/core/result.hpp>
#include <etch/runtime/sampler.hpp>

#include "text/writer.hpp"

namespace text {

/// The command line.
struct options {
  std::string prompt = "A model ";
  int letters = 400;
  etch::sampling how{.temperature = 0.5, .top_k = 0, .top_p = 1, .seed = 1};
  std::string weights = ETCH_SOURCE_DIR "/examples/text/text.safetensors";
  bool help = false;
};

inline constexpr std::string_view usage =
    "usage: example_text [--prompt TEXT] [--letters N] [--seed N] [--temperature T] [--top-k K]\n"
    "                    [--top-p P] [--weights FILE] [--help]\n"
    "Goes on with a text, letter by letter, in the manner of etch's documentation, and says how\n"
    "fast it reads and writes.\n"
    "  --prompt TEXT    what to go on with, 1 to 256 letters; default 'A model '\n"
    "  --letters N      to write, 1 to 100000; default 400\n"
    "  --seed N         of the random choices; default 1\n"
    "  --temperature T  0: always the likeliest letter; default 0.5\n"
    "  --top-k K        choose among the K likeliest; default 0: all\n"
    "  --top-p P        choose among the likeliest whose probabilities add up to P; default 1\n"
    "  --weights FILE   safetensors of the net; default the one that read the documentation\n"
    "The environment variable ETCH_ISA (sse4_2, avx2, avx512) overrides the choice of the\n"
    "instruction set.\n";

namespace detail {

inline etch::error bad_option(std::string const& what) {
  return {etch::errc::invalid_argument, "etch: text: " + what, "command line"};
}

/// A number, and nothing before or behind.
template <class T>
bool read_number(std::string_view text, T& into) {
  char const* const end = text.data() + text.size();
  auto const [rest, code] = std::from_chars(text.data(), end, into);
  return code == std::errc() && rest == end;
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
    bool const is_number = name == "--letters" || name == "--seed" || name == "--temperature" ||
                           name == "--top-k" || name == "--top-p";
    if (!is_number && name != "--prompt" && name != "--weights")
      return detail::bad_option("unknown option '" + name +
                                "', expected --prompt, --letters, --seed, --temperature, --top-k, "
                                "--top-p, --weights or --help");
    if (++i == count) return detail::bad_option(name + " has no value");
    std::string const value = arguments[i];
    if (name == "--prompt") found.prompt = value;
    if (name == "--weights") found.weights = value;
    bool const read = name == "--letters"       ? detail::read_number(value, found.letters)
                      : name == "--seed"        ? detail::read_number(value, found.how.seed)
                      : name == "--temperature" ? detail::read_number(value, found.how.temperature)
                      : name == "--top-k"       ? detail::read_number(value, found.how.top_k)
                      : name == "--top-p"       ? detail::read_number(value, found.how.top_p)
                                                : true;
    if (!read) return detail::bad_option(name + " is '" + value + "', expected a number");
  }
  if (found.letters < 1 || found.letters > 100'000)
    return detail::bad_option("--letters is " + std::to_string(found.letters) +
                              ", expected 1 to 100000");
  if (found.prompt.empty() || found.prompt.size() > writer::window)
    return detail::bad_option("--prompt has " + std::to_string(found.prompt.size()) +
                              " letters, expected 1 to " + std::to_string(writer::window));
  if (auto const how = etch::sampler::from(nets::text::letters, found.how); !how)
    return how.error();
  return found;
}

}  // namespace text
