#include <array>
#include <cstring>

#include "catch.hpp"
#include "etch/kernels/simd/pack.hpp"
#include "kernels/simd/values.hpp"

namespace {

using namespace etch;
using simd::pack;

/// Lane i of the test material.
template <class T>
T item(int i) {
  return static_cast<T>(i + 1);
}

}  // namespace

TEMPLATE_TEST_CASE("partial loads read the first n elements and fill the others", "[simd]", float,
                   double, std::int8_t, std::int32_t, std::int64_t, std::uint8_t) {
  using T = TestType;
  using P = pack<T>;
  for (int n = 0; n <= P::lanes; ++n) {
    CAPTURE(n);
    // exactly n elements on the heap: a sanitizer sees any read behind them
    std::vector<T> in(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) in[std::size_t(i)] = item<T>(i);
    T out[P::lanes];
    P::load_partial(in.data(), n, T(77)).store(out);
    for (int i = 0; i < P::lanes; ++i) CHECK(out[i] == (i < n ? item<T>(i) : T(77)));
    P::load_partial(in.data(), n).store(out);
    for (int i = 0; i < P::lanes; ++i) CHECK(out[i] == (i < n ? item<T>(i) : T(0)));
  }
}

TEMPLATE_TEST_CASE("partial stores write the first n elements and no other byte", "[simd]", float,
                   double, std::int8_t, std::int32_t, std::int64_t, std::uint8_t) {
  using T = TestType;
  using P = pack<T>;
  constexpr int guard = 32;
  T items[P::lanes];
  for (int i = 0; i < P::lanes; ++i) items[i] = item<T>(i);
  for (int n = 0; n <= P::lanes; ++n) {
    for (int offset = 0; offset < 3; ++offset) {
      CAPTURE(n, offset);
      std::array<T, P::lanes + 2 * guard> memory, expected;
      std::memset(&memory, 0x5a, sizeof memory);
      expected = memory;
      T* const p = memory.data() + guard + offset;
      P::load(items).store_partial(p, n);
      for (int i = 0; i < n; ++i) expected[std::size_t(guard + offset + i)] = items[i];
      CHECK(std::memcmp(&memory, &expected, sizeof memory) == 0);
    }
  }
}

TEMPLATE_TEST_CASE("whole loads and stores move every lane to its place", "[simd]", float, double,
                   std::int8_t, std::int32_t, std::int64_t, std::uint8_t) {
  using T = TestType;
  using P = pack<T>;
  alignas(64) std::array<T, P::lanes + 1> in, out{};
  for (int i = 0; i <= P::lanes; ++i) in[std::size_t(i)] = item<T>(i);
  P::load_aligned(in.data()).store(out.data() + 1);
  for (int i = 0; i < P::lanes; ++i) CHECK(out[std::size_t(i + 1)] == item<T>(i));
  P::load(in.data() + 1).store_aligned(out.data());
  for (int i = 0; i < P::lanes; ++i) CHECK(out[std::size_t(i)] == item<T>(i + 1));
  P(T(9)).store(out.data());
  for (int i = 0; i < P::lanes; ++i) CHECK(out[std::size_t(i)] == T(9));
}

TEMPLATE_TEST_CASE("loads and stores of another type cast element by element", "[simd]",
                   (std::pair<float, bool>), (std::pair<float, std::uint8_t>),
                   (std::pair<float, std::int8_t>), (std::pair<float, std::int32_t>),
                   (std::pair<float, std::int64_t>), (std::pair<float, double>),
                   (std::pair<double, bool>), (std::pair<double, float>),
                   (std::pair<double, std::int32_t>), (std::pair<double, std::int64_t>),
                   (std::pair<double, double>), (std::pair<std::int32_t, std::uint8_t>),
                   (std::pair<std::int64_t, float>), (std::pair<std::uint8_t, bool>)) {
  using T = typename TestType::first_type;
  using U = typename TestType::second_type;
  using P = pack<T>;
  U in[P::lanes];
  for (int i = 0; i < P::lanes; ++i) in[i] = static_cast<U>(i % 3 == 0 ? 0 : i * 5);
  for (int n = 0; n <= P::lanes; ++n) {
    CAPTURE(n);
    T lanes[P::lanes];
    P::load_convert_partial(in, n, T(3)).store(lanes);
    for (int i = 0; i < P::lanes; ++i) CHECK(lanes[i] == (i < n ? static_cast<T>(in[i]) : T(3)));
    std::array<U, P::lanes + 8> out, expected;
    std::memset(static_cast<void*>(&out), 1, sizeof out);
    expected = out;
    P::load_convert(in).store_convert_partial(out.data() + 4, n);
    for (int i = 0; i < n; ++i)
      expected[std::size_t(4 + i)] = static_cast<U>(static_cast<T>(in[i]));
    CHECK(std::memcmp(&out, &expected, sizeof out) == 0);
  }
  U whole[P::lanes];
  P::load_convert(in).store_convert(whole);
  for (int i = 0; i < P::lanes; ++i) CHECK(whole[i] == static_cast<U>(static_cast<T>(in[i])));
}

TEST_CASE("a float that is not zero is true, NaN too", "[simd]") {
  auto const edge = values::special<float>();
  for (float x : edge) {
    bool out[16];
    pack<float>(x).store_convert(out);
    for (bool lane : out) CHECK(lane == (x != 0.0f));
  }
}

TEMPLATE_TEST_CASE("first_lanes is true in exactly the first n lanes", "[simd]", float, double,
                   std::int8_t, std::int64_t) {
  using T = TestType;
  using P = pack<T>;
  for (int n = 0; n <= P::lanes; ++n) {
    CAPTURE(n);
    T out[P::lanes];
    select(simd::first_lanes<T>(n), P(T(1)), P(T(2))).store(out);
    for (int i = 0; i < P::lanes; ++i) CHECK(out[i] == (i < n ? T(1) : T(2)));
    CHECK(any(simd::first_lanes<T>(n)) == (n > 0));
    CHECK(all(simd::first_lanes<T>(n)) == (n == P::lanes));
  }
}
