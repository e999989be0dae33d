#include <etch/runtime/check_capacity.hpp>
#include <etch/runtime/sampler.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"

using namespace etch;

namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float nan_of_floats = std::numeric_limits<float>::quiet_NaN();

std::vector<int> count_draws(std::vector<float> const& logits, sampling const& how, int draws) {
  sampler next(logits.size(), how);
  std::vector<int> counts(logits.size());
  for (int i = 0; i < draws; ++i)
    ++counts[static_cast<std::size_t>(next(std::span<float const>(logits)).value())];
  return counts;
}

/// Pearson's statistic against the probabilities of the softmax.
double chi_square(std::vector<int> const& counts, std::vector<double> const& probabilities,
                  int draws) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (probabilities[i] == 0) continue;
    double const expected = probabilities[i] * draws;
    sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

std::vector<double> softmax_of(std::vector<float> const& logits, double temperature) {
  std::vector<double> p;
  double sum = 0;
  for (float x : logits) {
    p.push_back(std::exp(static_cast<double>(x) / temperature));
    sum += p.back();
  }
  for (double& x : p) x /= sum;
  return p;
}

std::string refusal(std::vector<float> const& logits, std::size_t vocabulary) {
  sampler next(vocabulary);
  auto const drawn = next(std::span<float const>(logits));
  return drawn ? "" : drawn.error().text;
}

}  // namespace

TEST_CASE("a sampler draws with the probabilities of the softmax", "[runtime][sampler]") {
  std::vector<float> const logits{0.1f, -1.5f, 2.0f, 0.0f, 1.0f, -infinite, 1.9f, -3.0f};
  for (double temperature : {0.5, 1.0, 2.5}) {
    auto const counts = count_draws(logits, {.temperature = temperature, .seed = 5}, 40000);
    auto const expected = softmax_of(logits, temperature);
    CAPTURE(temperature);
    CHECK(counts[5] == 0);
    // six degrees of freedom: 22.5 is exceeded once in a thousand seeds
    CHECK(chi_square(counts, expected, 40000) < 22.5);
  }
}

TEST_CASE("a sampler of temperature 0 takes the largest logit, of equal ones the first",
          "[runtime][sampler]") {
  sampler next(5, {.temperature = 0});
  std::array<float, 5> const logits{1, 3, 2, 3, -infinite};
  CHECK(next(std::span<float const>(logits)).value() == 1);
  std::array<double, 5> const more{-4, -4, -3.5, -3.5, -9};
  CHECK(next(std::span<double const>(more)).value() == 2);
}

TEST_CASE("top_k leaves so many tokens, of equal ones the first", "[runtime][sampler]") {
  std::vector<float> const logits{1, 2, 2, 0, 2, 1.5f};
  auto counts = count_draws(logits, {.top_k = 2, .seed = 1}, 2000);
  CHECK(counts == std::vector<int>{0, counts[1], counts[2], 0, 0, 0});
  CHECK(counts[1] > 800);
  CHECK(counts[2] > 800);
  counts = count_draws(logits, {.top_k = 1}, 50);
  CHECK(counts[1] == 50);
  counts = count_draws(logits, {.top_k = 100, .seed = 9}, 4000);
  for (int each : counts) CHECK(each > 100);
}

TEST_CASE("top_p leaves the fewest tokens that reach it, also where they reach it exactly",
          "[runtime][sampler]") {
  std::vector<float> const even(8, 1.0f);
  auto const kept = [&](double p) {
    int n = 0;
    for (int each : count_draws(even, {.top_p = p, .seed = 3}, 4000)) n += each > 0;
    return n;
  };
  CHECK(kept(0.5) == 4);  // exactly
  CHECK(kept(0.500001) == 5);
  CHECK(kept(0.125) == 1);
  CHECK(kept(0.000001) == 1);
  CHECK(kept(1) == 8);
  std::vector<float> const logits{-1, 3, 0, 2.5f, -8};
  auto const counts = count_draws(logits, {.top_p = 0.9, .seed = 4}, 2000);
  CHECK(counts == std::vector<int>{0, counts[1], 0, counts[3], 0});
  CHECK(counts[1] > counts[3]);
}

TEST_CASE("top_p counts the tokens that top_k leaves", "[runtime][sampler]") {
  std::vector<float> const even(8, 1.0f);
  int n = 0;
  for (int each : count_draws(even, {.top_k = 4, .top_p = 0.5, .seed = 3}, 2000)) n += each > 0;
  CHECK(n == 2);
}

TEST_CASE("a seed gives the same tokens everywhere", "[runtime][sampler]") {
  std::vector<float> logits;
  for (int i = 0; i < 300; ++i) logits.push_back(static_cast<float>(i * 37 % 101) / 16.0f);
  sampler next(logits.size(), {.temperature = 0.9, .top_k = 120, .top_p = 0.97, .seed = 2024});
  std::uint64_t hash = 14695981039346656037u;
  auto const draw = [&] {
    hash = 14695981039346656037u;
    for (int i = 0; i < 500; ++i) {
      auto const token = next(std::span<float const>(logits)).value();
      hash = (hash ^ static_cast<std::uint64_t>(token)) * 1099511628211u;
    }
    return hash;
  };
  auto const first = draw();
  CHECK(first == 0xb7930843d81ad4c6u);
  CHECK(draw() != first);
  next.reseed(2024);
  CHECK(draw() == first);
}

TEST_CASE("the weights of a sampler are those of exp", "[runtime][sampler]") {
  CHECK(runtime::exp_weight(0) == std::uint64_t{1} << 40);
  CHECK(runtime::exp_weight(-std::numeric_limits<double>::infinity()) == 0);
  CHECK(runtime::exp_weight(-1e300) == 0);
  for (double x = -1e-9; x > -40; x = x * 1.01 - 1e-4) {
    double const expected = std::exp(x) * 0x1p40;
    CHECK(std::fabs(static_cast<double>(runtime::exp_weight(x)) - expected) <=
          1 + expected * 0x1p-26);
  }
  CHECK(runtime::multiply_high(0xffffffffffffffff, 0xffffffffffffffff) == 0xfffffffffffffffe);
  CHECK(runtime::multiply_high(0x123456789abcdef0, 0x10) == 0x1);
}

TEST_CASE("a sampler refuses logits from which nothing can be drawn", "[runtime][sampler]") {
  CHECK(refusal({1, 2, 3}, 3) == "");
  CHECK(refusal({1, nan_of_floats, 3}, 3) == "etch: sampler: logit 1 is NaN");
  CHECK(refusal({1, 2, infinite}, 3) == "etch: sampler: logit 2 is +inf");
  CHECK(refusal({-infinite, -infinite}, 2) == "etch: sampler: all logits are -inf");
  CHECK(refusal({1, 2}, 3) == "etch: sampler: there are 2 logits, the vocabulary has 3 tokens");
}

TEST_CASE("a sampler refuses settings without meaning", "[runtime][sampler]") {
  double const none = std::numeric_limits<double>::quiet_NaN();
  auto const text = [](std::size_t vocabulary, sampling how) {
    auto const made = sampler::from(vocabulary, how);
    return made ? "" : made.error().text;
  };
  CHECK(text(0, {}) == "etch: sampler: the vocabulary is empty");
  CHECK(text(9'000'000, {}) ==
        "etch: sampler: the vocabulary has 9000000 tokens, more than 8388608");
  CHECK(text(3, {.temperature = -1}) ==
        "etch: sampler: the temperature is -1.000000, it has to be 0 or more");
  CHECK(text(3, {.temperature = none}).starts_with("etch: sampler: the temperature is "));
  CHECK(text(3, {.temperature = std::numeric_limits<double>::infinity()})
            .starts_with("etch: sampler: the temperature is "));
  CHECK(text(3, {.top_k = -2}) == "etch: sampler: top_k is -2, it has to be 0 or more");
  CHECK(text(3, {.top_p = 0}) == "etch: sampler: top_p is 0.000000, it has to be in (0, 1]");
  CHECK(text(3, {.top_p = 1.5}) == "etch: sampler: top_p is 1.500000, it has to be in (0, 1]");
  CHECK(text(3, {.top_p = none}).starts_with("etch: sampler: top_p is "));
  CHECK_THROWS_AS(sampler(0), etch::exception);
}

TEST_CASE("check_capacity says when a cache is full", "[runtime][sampler]") {
  CHECK(check_capacity(0, 8, 8));
  CHECK(check_capacity(8, 0, 8));
  auto const full = check_capacity(7, 2, 8);
  REQUIRE(!full);
  CHECK(full.error().code == errc::exhausted);
  CHECK(full.error().text ==
        "etch: check_capacity: the cache is full: 7 of 8 rows are taken, the call brings 2");
  CHECK(check_capacity(9, 0, 8).error().code == errc::exhausted);
  CHECK(check_capacity(-1, 1, 8).error().code == errc::invalid_argument);
  CHECK(check_capacity(1, -1, 8).error().code == errc::invalid_argument);
}
