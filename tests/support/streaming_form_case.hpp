#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// A function over whole sequences as a stream, against a model of the whole sequence.

namespace etch_test {

using namespace etch;

inline constexpr int length = 90;

template <auto Family>
inline constexpr detail::with_rows_of<Family, length, detail::arguments_with_rows<Family, length>>
    over_sequence{};
template <auto Family>
using whole_model = model<over_sequence<Family>>;

inline std::vector<float> signal(std::size_t numbers) {
  std::vector<float> x(numbers);
  for (std::size_t i = 0; i < numbers; ++i)
    x[i] = std::sin(0.7f * static_cast<float>(i)) + (i % 7 == 0 ? 0.3f : 0.0f);
  return x;
}

template <auto Family, std::size_t In>
std::vector<float> of_sequence(std::vector<float> const& x) {
  using Whole = whole_model<Family>;
  session<Whole> run{known_weights<Whole>()};
  auto const y = run(std::span<float const, length * In>(x));
  return {y.begin(), y.end()};
}

/// What a stream makes of a signal and then of `delay` rows of zeros, without its first `delay`
/// rows.
template <class Live>
std::vector<float> of_stream(std::vector<float> x, std::size_t width, std::size_t width_of_result,
                             std::size_t stride, std::vector<std::size_t> const& blocks) {
  stream<Live> run{known_weights<Live>()};
  x.resize(x.size() + Live::delay() * width);
  std::vector<float> y;
  std::size_t const rows = x.size() / width;
  for (std::size_t at = 0, turn = 0; at < rows; ++turn) {
    std::size_t const now = std::min(blocks[turn % blocks.size()], rows - at);
    auto const part = run(std::span<float const>(x.data() + at * width, now * width));
    REQUIRE(part);
    y.insert(y.end(), part->begin(), part->end());
    at += now;
  }
  y.erase(y.begin(),
          y.begin() + static_cast<std::ptrdiff_t>(Live::delay() / stride * width_of_result));
  return y;
}

/// Rows [first, last) of the results.
inline std::vector<float> rows_of(std::vector<float> const& y, std::size_t width, std::size_t first,
                                  std::size_t last) {
  REQUIRE(last * width <= y.size());
  auto const at = [&](std::size_t row) {
    return y.begin() + static_cast<std::ptrdiff_t>(row * width);
  };
  return {at(first), at(last)};
}

struct expected_form {
  std::size_t out = 1;  ///< numbers of a row
  std::size_t delay = 0, reach = 1;
  std::size_t stride = 1;
  bool all_rows = false;  ///< the ends too have the bits of the whole sequence
};

/// The bits of the whole sequence, in blocks of any size. `In`: numbers of a row.
template <auto Family, std::size_t In, int Granule = 1>
void check_form(std::string const& what, expected_form const& e) {
  CAPTURE(what);
  using Live = streaming<streaming_form<Family>, 16, options{}, Granule>;
  CHECK(Live::delay() == e.delay);
  CHECK(Live::receptive_field() == e.reach);
  auto const x = signal(length * In);
  auto const whole = of_sequence<Family, In>(x);
  auto const blocks = of_stream<Live>(x, In, e.out, e.stride, {16});
  std::size_t const rows = whole.size() / e.out;
  REQUIRE(blocks.size() >= whole.size());
  // those that depend on rows of the sequence alone
  std::size_t const before = e.reach - 1 - e.delay;
  std::size_t const first = e.all_rows ? 0 : (before + e.stride - 1) / e.stride;
  std::size_t const last = e.all_rows ? rows : rows - (e.delay + e.stride - 1) / e.stride;
  CHECK((rows_of(blocks, e.out, first, last) == rows_of(whole, e.out, first, last)));
  if (!e.all_rows) CHECK((rows_of(blocks, e.out, 0, rows) != whole));
  constexpr std::size_t g = Granule;
  CHECK((of_stream<Live>(x, In, e.out, e.stride, {g, 5 * g, 3 * g}) == blocks));
}

}  // namespace etch_test
