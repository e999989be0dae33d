// A transformer that goes on with a text, letter by letter. Usage: see options.hpp.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "text/options.hpp"
#include "text/vocabulary.hpp"
#include "text/writer.hpp"

namespace {

using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

double median(std::vector<double>& of) {
  auto const middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

/// What reading a text of `window` / 2 letters takes, in seconds.
double time_of_reading(text::writer& by, std::span<std::int32_t const> text) {
  std::vector<double> took;
  for (auto const start = clock_type::now(); took.empty() || seconds_since(start) < 0.2;) {
    auto const before = clock_type::now();
    by.read(text);
    took.push_back(seconds_since(before));
  }
  return median(took);
}

void run(text::options const& wanted) {
  auto const file = etch::safetensors::open(wanted.weights).value_or_throw();
  text::writer by(file);
  auto const vocabulary = text::vocabulary::from(file).value_or_throw();
  auto letters = vocabulary.numbers(wanted.prompt).value_or_throw();
  etch::sampler choose(nets::text::letters, wanted.how);

  std::printf("%s", wanted.prompt.c_str());
  std::vector<double> took;  // by letters that need no more than a step
  by.read(letters);
  for (int i = 0; i < wanted.letters; ++i) {
    std::int32_t const letter = choose(by.logits()).value_or_throw();
    std::putchar(vocabulary.letter(letter));
    letters.push_back(letter);
    auto const before = clock_type::now();
    if (by.append(letter)) took.push_back(seconds_since(before));
  }

  // A prompt may be short: what is read here is as long as half a window.
  std::vector<std::int32_t> half(text::writer::window / 2);
  for (std::size_t i = 0; i < half.size(); ++i) half[i] = letters[i % letters.size()];
  double const reading = time_of_reading(by, half);
  double const writing = median(took);
  std::printf("\n\nseed %llu, temperature %g, for %s\n",
              static_cast<unsigned long long>(wanted.how.seed), wanted.how.temperature,
              std::string(to_string(by.set())).c_str());
  std::printf("prefill %.0f letters a second: %zu letters in blocks of %d, %.1f us each\n",
              static_cast<double>(half.size()) / reading, half.size(), letters_of_block,
              reading * 1e6 / static_cast<double>(half.size()));
  std::printf("decode  %.0f letters a second: %.1f us each\n", 1 / writing, writing * 1e6);
}

}  // namespace

int main(int count, char** arguments) {
  auto const wanted = text::parse_options(count, arguments);
  if (!wanted) {
    std::fprintf(stderr, "%s\n\n%s", wanted.error().text.c_str(), text::usage.data());
    return 2;
  }
  if (wanted->help) {
    std::printf("%s", text::usage.data());
    return 0;
  }
  try {
    run(*wanted);
  } catch (std::exception const& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
