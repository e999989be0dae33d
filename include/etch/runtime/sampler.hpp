#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <etch/core/result.hpp>

namespace etch {

/// How a token is drawn: sampling{.temperature = 0.8, .top_k = 40, .top_p = 0.95, .seed = 7}.
struct sampling {
  double temperature = 1;  ///< logits are divided by it; 0: always the most likely token
  int top_k = 0;           ///< only so many of the most likely tokens; 0: all
  double top_p = 1;        ///< of these the fewest whose probabilities add up to it; 1: all
  std::uint64_t seed = 0;
};

namespace runtime {

/// The high half of a product.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t const a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
  std::uint64_t const middle = a1 * b0 + (a0 * b0 >> 32);
  return a1 * b1 + (middle >> 32) + (((middle & 0xffffffff) + a0 * b1) >> 32);
}

/// 64 bits from a counter.
/// source  Steele, Lea, Flood 2014 (SplitMix64)
class splitmix {
 public:
  explicit constexpr splitmix(std::uint64_t seed) noexcept : state_(seed) {}
  constexpr std::uint64_t operator()() noexcept {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

/// 2^40 exp(x) for x <= 0, in integers: the same on every machine and with every compiler.
/// numerics  relative error below 2^-26 where the result is large; at most 1 apart from that
/// source    Taylor's series of 2^f in fixed point
inline std::uint64_t exp_weight(double x) noexcept {
  if (!(x > -28)) return 0;  // below 2^-40
  auto const power = static_cast<std::int64_t>(x * (1.4426950408889634 * 0x1p32));
  auto const whole = static_cast<int>(-(power >> 32));
  auto const fraction = static_cast<std::uint64_t>(power & 0xffffffff);
  // ln(2)^k / k!, times 2^30, k = 10 ... 0
  constexpr std::uint64_t terms[]{8,        109,      1419,      16377,     165394,    1431680,
                                  10327387, 59597083, 257941248, 744261118, 1073741824};
  std::uint64_t sum = 0;
  for (std::uint64_t term : terms) sum = term + (sum * fraction >> 32);
  return (sum << 10) >> whole;
}

}  // namespace runtime

/// Chooses a token from the logits that a model gave.
///   sampler next(vocabulary, {.temperature = 0.8, .top_p = 0.95, .seed = 7});
///   result<std::int32_t> token = next(run(tokens));
/// Takes its memory when it is made. For one seed the tokens are the same on every machine, with
/// every compiler and library: weights are integers, and so are their sums.
/// errors  an empty vocabulary or one of more than 2^23 tokens, a temperature that is negative or
/// no number, a negative top_k, a
///         top_p outside of (0, 1]: the constructor throws etch::exception, `from` returns them. A
///         call: logits of another number, NaN or +inf among them, none above -inf
class sampler {
 public:
  explicit sampler(std::size_t vocabulary, sampling const& how = {})
      : sampler(from(vocabulary, how).value_or_throw()) {}

  static result<sampler> from(std::size_t vocabulary, sampling const& how = {}) {
    auto const refuse = [](std::string const& what) {
      return error{errc::invalid_argument, "etch: sampler: " + what, {}};
    };
    if (vocabulary == 0) return refuse("the vocabulary is empty");
    if (vocabulary > most_tokens)
      return refuse("the vocabulary has " + std::to_string(vocabulary) + " tokens, more than " +
                    std::to_string(most_tokens));
    if (!(how.temperature >= 0) || std::isinf(how.temperature))
      return refuse("the temperature is " + std::to_string(how.temperature) +
                    ", it has to be 0 or more");
    if (how.top_k < 0)
      return refuse("top_k is " + std::to_string(how.top_k) + ", it has to be 0 or more");
    if (!(how.top_p > 0 && how.top_p <= 1))
      return refuse("top_p is " + std::to_string(how.top_p) + ", it has to be in (0, 1]");
    return sampler(checked{}, vocabulary, how);
  }

  /// The number of a token. Ties are the lower number's.
  result<std::int32_t> operator()(std::span<float const> logits) { return choose(logits); }
  result<std::int32_t> operator()(std::span<double const> logits) { return choose(logits); }

  /// Begins again with the random numbers of a seed.
  void reseed(std::uint64_t seed) noexcept { random_ = runtime::splitmix(seed); }

 private:
  /// So that the weights of all tokens, 2^40 at most, add up within 64 bits.
  static constexpr std::size_t most_tokens = std::size_t{1} << 23;

  struct checked {};
  sampler(checked, std::size_t vocabulary, sampling const& how)
      : how_(how), random_(how.seed), weights_(vocabulary), order_(vocabulary) {}

  template <class T>
  result<std::int32_t> choose(std::span<T const> logits) {
    auto const refuse = [](std::string const& what) {
      return error{errc::invalid_argument, "etch: sampler: " + what, {}};
    };
    if (logits.size() != weights_.size())
      return refuse("there are " + std::to_string(logits.size()) + " logits, the vocabulary has " +
                    std::to_string(weights_.size()) + " tokens");
    std::size_t best = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      if (!(logits[i] < std::numeric_limits<T>::infinity()))
        return refuse("logit " + std::to_string(i) +
                      (std::isnan(logits[i]) ? " is NaN" : " is +inf"));
      if (logits[i] > logits[best]) best = i;
    }
    if (logits[best] == -std::numeric_limits<T>::infinity()) return refuse("all logits are -inf");
    if (how_.temperature == 0) return static_cast<std::int32_t>(best);

    for (std::size_t i = 0; i < logits.size(); ++i) {
      double const below = static_cast<double>(logits[i]) - static_cast<double>(logits[best]);
      weights_[i] = runtime::exp_weight(below / how_.temperature);
    }
    auto const last = last_kept(logits);
    auto const kept = [&](std::size_t i) {
      return last < 0 || !more_likely(logits, last, static_cast<std::int32_t>(i));
    };
    std::uint64_t left = runtime::multiply_high(random_(), sum_of(kept));
    for (std::size_t i = 0; i < logits.size(); ++i) {
      if (!kept(i)) continue;
      if (left < weights_[i]) return static_cast<std::int32_t>(i);
      left -= weights_[i];
    }
    return static_cast<std::int32_t>(best);
  }

  template <class T>
  static bool more_likely(std::span<T const> logits, std::int32_t a, std::int32_t b) {
    T const x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
    return x > y || (x == y && a < b);
  }

  template <class Kept>
  std::uint64_t sum_of(Kept const& kept) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) sum += kept(i) ? weights_[i] : 0;
    return sum;
  }

  /// The least likely of the tokens that top_k and top_p leave, or -1 where they leave all.
  template <class T>
  std::int32_t last_kept(std::span<T const> logits) {
    auto count = static_cast<std::ptrdiff_t>(order_.size());
    bool const some = how_.top_k > 0 && how_.top_k < count;
    if (!some && how_.top_p >= 1) return -1;
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::int32_t>(i);
    auto const first = order_.begin();
    std::int32_t last = -1;
    if (some) {
      count = how_.top_k;
      std::nth_element(first, first + (count - 1), order_.end(),
                       [&](auto a, auto b) { return more_likely(logits, a, b); });
      last = first[count - 1];
      if (how_.top_p >= 1) return last;
    }
    std::uint64_t all = 0, taken = 0;
    for (auto each = first; each != first + count; ++each)
      all += weights_[static_cast<std::size_t>(*each)];
    auto const enough =
        static_cast<std::uint64_t>(std::ceil(how_.top_p * static_cast<double>(all)));
    auto const less_likely = [&](auto a, auto b) { return more_likely(logits, b, a); };
    std::make_heap(first, first + count, less_likely);
    for (; count > 0 && taken < enough; --count) {
      std::pop_heap(first, first + count, less_likely);
      last = first[count - 1];
      taken += weights_[static_cast<std::size_t>(last)];
    }
    return last;
  }

  sampling how_;
  runtime::splitmix random_;
  std::vector<std::uint64_t> weights_;
  std::vector<std::int32_t> order_;
};

}  // namespace etch
