#include <cstdio>
#include <string>

#include "catch.hpp"
#include "etch/kernels/simd/math.hpp"
#include "kernels/simd/values.hpp"

// The bits of every function on one fixed input. Where the processor has fma they are the same for
// every instruction set and compiler: the numbers below are those of this program, g++ 12.2,
// -mavx2 -mfma -O2. `test_kernels_<isa> "[.hash]"` prints them.

namespace {

using namespace etch;
using simd::pack;

/// FNV-1a over the images; every NaN counts as the same one.
struct hash {
  std::uint64_t value = 0xcbf29ce484222325u;

  template <class T>
  void add(T x) {
    auto image =
        std::bit_cast<values::image_of<T>>(x != x ? std::numeric_limits<T>::quiet_NaN() : x);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = (value ^ static_cast<unsigned char>(image)) * 0x100000001b3u;
      image = static_cast<decltype(image)>(image >> 8);
    }
  }
};

template <class T, class F>
std::uint64_t hash_of(F f) {
  using P = pack<T>;
  static values::operands<T> const in;
  hash h;
  for (std::size_t i = 0; i < in.a.size(); i += std::size_t(P::lanes)) {
    T out[P::lanes];
    f(P::load(&in.a[i]), P::load(&in.b[i]), P::load(&in.c[i])).store(out);
    for (T x : out) h.add(x);
  }
  return h.value;
}

struct entry {
  char const* name;
  std::uint64_t of_float, of_double;
};

#define ETCH_TEST_ENTRY(name, expression)                                    \
  entry {                                                                    \
    name,                                                                    \
        hash_of<float>([]([[maybe_unused]] auto a, [[maybe_unused]] auto b,  \
                          [[maybe_unused]] auto c) { return expression; }),  \
        hash_of<double>([]([[maybe_unused]] auto a, [[maybe_unused]] auto b, \
                           [[maybe_unused]] auto c) { return expression; })  \
  }

std::vector<entry> all_hashes() {
  return {
      ETCH_TEST_ENTRY("a * b + c", a * b + c),
      ETCH_TEST_ENTRY("c - a * b", c - a * b),
      ETCH_TEST_ENTRY("fma", fma(a, b, c)),
      ETCH_TEST_ENTRY("fnma", fnma(a, b, c)),
      ETCH_TEST_ENTRY("a / b", a / b),
      ETCH_TEST_ENTRY("min max", min(a, max(b, c))),
      ETCH_TEST_ENTRY("relu", relu(a)),
      ETCH_TEST_ENTRY("rounding", floor(a) + ceil(b) * trunc(c) - round(a)),
      ETCH_TEST_ENTRY("sqrt", sqrt(a)),
      ETCH_TEST_ENTRY("reduce_add", decltype(a)(reduce_add(a))),
      ETCH_TEST_ENTRY("reduce_mul", decltype(a)(reduce_mul(a))),
      ETCH_TEST_ENTRY("exp", exp(a)),
      ETCH_TEST_ENTRY("log", log(a)),
      ETCH_TEST_ENTRY("tanh", tanh(a)),
      ETCH_TEST_ENTRY("sigmoid", sigmoid(a)),
      ETCH_TEST_ENTRY("erf", erf(a)),
      ETCH_TEST_ENTRY("normal_cdf", normal_cdf(a)),
      ETCH_TEST_ENTRY("sin", sin(a)),
      ETCH_TEST_ENTRY("cos", cos(a)),
      ETCH_TEST_ENTRY("rsqrt", rsqrt(a)),
      ETCH_TEST_ENTRY("pow", pow(a, b)),
  };
}

constexpr entry expected[] = {
    {"a * b + c", 0x715e68d949b7b1d7u, 0x6e70c3b9a65c9d45u},
    {"c - a * b", 0x473a11168df45b06u, 0xe9808bbde60d6c7eu},
    {"fma", 0x4d0bf8b704a9adccu, 0x99bf53002f9e6deeu},
    {"fnma", 0x8fe9ed100523f3b6u, 0xeb1aaa6a2696f2c3u},
    {"a / b", 0x2371fd57626edad3u, 0x823ddc346e9d77f3u},
    {"min max", 0x0c54ee5bbf95416au, 0x8e49528eebf94e45u},
    {"relu", 0x8b2a05e272b32a1du, 0x5daae41418274839u},
    {"rounding", 0x0570929865f4006bu, 0xf401c91d012ab45du},
    {"sqrt", 0x2ef0a67e07d8599cu, 0xb20bfe13555d5725u},
    {"reduce_add", 0xd55f5c73e10f9c45u, 0xfb8b03239f45e5c5u},
    {"reduce_mul", 0xe95c0732161be605u, 0xf0c007a5d34de5c5u},
    {"exp", 0xac0992ab4536e391u, 0xa6c6cca38be60a19u},
    {"log", 0x25f3425cf8221be2u, 0x95dbca6c463076b4u},
    {"tanh", 0xad833e45ee5a96c3u, 0x48a010bc95d431e5u},
    {"sigmoid", 0x16e2971bb2f5699du, 0x07172060f2480becu},
    {"erf", 0x0ecf8c2f095a3722u, 0x158a32a7a8f3f0efu},
    {"normal_cdf", 0x44e668cde207f9e9u, 0x3b6d9ea508727d46u},
    {"sin", 0x7fcf3e36f1ae8823u, 0x7b62d057869f2972u},
    {"cos", 0x1c1ee377ceedef9eu, 0x9c87480aadb03811u},
    {"rsqrt", 0x06a5cc38282959e4u, 0x97746a921c449c68u},
    {"pow", 0x2466e9a95580b462u, 0x563e2b0b2515d6a3u},
};

}  // namespace

TEST_CASE("every function gives the same bits on every instruction set with fma", "[simd]") {
  if (!simd::ETCH_ISA::detail::has_fma<simd::default_arch>) return;
  auto const found = all_hashes();
  REQUIRE(found.size() == std::size(expected));
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(found[i].name);
    CHECK(std::string(found[i].name) == expected[i].name);
    CHECK(found[i].of_float == expected[i].of_float);
    CHECK(found[i].of_double == expected[i].of_double);
  }
}

TEST_CASE("the hashes of all functions", "[.hash]") {
  for (entry const& e : all_hashes())
    std::printf("    {\"%s\", 0x%016llxu, 0x%016llxu},\n", e.name,
                static_cast<unsigned long long>(e.of_float),
                static_cast<unsigned long long>(e.of_double));
}
