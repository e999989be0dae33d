#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Convolutions that go on from call to call, against their formula over the whole signal in double.

namespace {

using namespace etch;
using namespace etch_test;

template <class T, int Channels, int Outputs, signal_conv How>
struct one_conv {
  template <int Rows>
  constexpr auto operator()(tensor<T, Rows, Channels> x) const {
    return causal_conv1d<Outputs, How>("net", x);
  }
};
template <class T, int Channels, int Outputs, signal_conv How>
struct one_transpose {
  template <int Rows>
  constexpr auto operator()(tensor<T, Rows, Channels> x) const {
    return causal_conv_transpose1d<Outputs, How>("net", x);
  }
};
template <class T, int C, int O, signal_conv How>
inline constexpr one_conv<T, C, O, How> conv_of{};
template <class T, int C, int O, signal_conv How>
inline constexpr one_transpose<T, C, O, How> transpose_of{};

template <class T>
std::vector<T> signal(std::size_t numbers) {
  std::vector<T> x(numbers);
  for (std::size_t i = 0; i < numbers; ++i)
    x[i] = static_cast<T>(std::sin(0.7 * static_cast<double>(i)) + 0.1 * (i % 7 == 0));
  return x;
}

template <class T>
std::vector<double> weight(std::string const& name, ir::shape const& shape) {
  auto const values = random_value({ir::dtype_of<T>, shape}, core::hash_text(name), false);
  auto const* from = static_cast<T const*>(values.ref().data);
  return {from, from + shape.elements()};
}

constexpr int rows_in_all = 150;

template <class T, int C, int O, signal_conv How>
std::vector<double> formula(std::vector<T> const& x, bool transposed) {
  constexpr int in = C / How.groups, out = O / How.groups, k = How.kernel;
  auto const w = weight<T>("net.weight", transposed ? ir::shape(C, out, k) : ir::shape(O, in, k));
  auto const b = How.bias ? weight<T>("net.bias", ir::shape(O)) : std::vector<double>(O, 0.0);
  int const rows = transposed ? rows_in_all * How.stride : rows_in_all / How.stride;
  std::vector<double> y(static_cast<std::size_t>(rows * O));
  for (int t = 0; t < rows; ++t) {
    for (int o = 0; o < O; ++o) {
      double sum = b[static_cast<std::size_t>(o)];
      for (int i = 0; i < in; ++i) {
        int const c = o / out * in + i;
        for (int tap = 0; tap < k; ++tap) {
          int at = 0;
          double factor = 0;
          if (transposed) {
            at = t - tap * How.dilation;
            if (at % How.stride != 0) continue;
            at /= How.stride;
            factor = w[static_cast<std::size_t>((c * out + o % out) * k + tap)];
          } else {
            at = t * How.stride - (k - 1 - tap) * How.dilation;
            factor = w[static_cast<std::size_t>((o * in + i) * k + tap)];
          }
          if (at < 0 || at >= rows_in_all) continue;
          sum += factor * static_cast<double>(x[static_cast<std::size_t>(at * C + c)]);
        }
      }
      y[static_cast<std::size_t>(t * O + o)] = sum;
    }
  }
  return y;
}

template <class Model, class T>
std::vector<T> in_blocks(stream<Model>& run, std::vector<T> const& x, int channels,
                         std::vector<int> const& blocks) {
  run.reset();
  std::vector<T> y;
  std::size_t turn = 0;
  for (int at = 0; at < rows_in_all;) {
    int const now = std::min(blocks[turn++ % blocks.size()], rows_in_all - at);
    auto const part =
        run(std::span<T const>(x.data() + at * channels, static_cast<std::size_t>(now * channels)));
    REQUIRE(part);
    y.insert(y.end(), part->begin(), part->end());
    at += now;
  }
  return y;
}

template <class T, int C, int O, signal_conv How, bool Transposed = false>
void check(std::string const& what) {
  CAPTURE(what);
  constexpr int granule = Transposed ? 1 : How.stride;
  using Model = std::conditional_t<Transposed, streaming<transpose_of<T, C, O, How>, 75>,
                                   streaming<conv_of<T, C, O, How>, 75, options{}, granule>>;
  stream<Model> run{known_weights<Model>()};
  auto const x = signal<T>(rows_in_all * C);
  auto const expected = formula<T, C, O, How>(x, Transposed);
  auto const whole = in_blocks(run, x, C, {75});
  REQUIRE(whole.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    worst = std::max(worst, std::fabs(static_cast<double>(whole[i]) - expected[i]));
  CHECK(worst <= (sizeof(T) == 4 ? 2e-5 : 1e-13));
  constexpr int g = granule;
  CHECK(in_blocks(run, x, C, {g}) == whole);
  CHECK(in_blocks(run, x, C, {5 * g, 8 * g, g, 11 * g}) == whole);
}

}  // namespace

TEST_CASE("a causal convolution in blocks is the convolution of the whole signal",
          "[runtime][streaming]") {
  check<float, 1, 16, signal_conv{.kernel = 3}>("one channel");
  check<float, 16, 16, signal_conv{.kernel = 3, .dilation = 4}>("a layer of a WaveNet");
  check<float, 3, 5, signal_conv{.kernel = 4, .dilation = 7, .bias = false}>("odd widths");
  check<float, 8, 40, signal_conv{.kernel = 2, .dilation = 30}>("a reach beyond the block");
  check<float, 6, 9, signal_conv{.kernel = 5, .dilation = 2, .groups = 3}>("groups");
  check<float, 6, 6, signal_conv{.kernel = 3, .groups = 6}>("depthwise");
  check<float, 5, 7, signal_conv{.kernel = 1}>("a kernel of one");
  check<float, 4, 7, signal_conv{.kernel = 5, .stride = 3}>("a stride");
  check<double, 3, 9, signal_conv{.kernel = 3, .dilation = 2}>("double");
}

TEST_CASE("a transposed causal convolution lays its kernel down from each row on",
          "[runtime][streaming]") {
  check<float, 4, 15, signal_conv{.kernel = 5, .stride = 3}, true>("overlapping");
  check<float, 4, 6, signal_conv{.kernel = 2, .stride = 4, .groups = 2}, true>("with gaps");
  check<double, 3, 2, signal_conv{.kernel = 3, .dilation = 2, .bias = false}, true>("dilated");
}

namespace {

/// A model that reads and writes what it keeps in every way that a ring has to stand.
inline constexpr auto delays = []<int T>(tensor<float, T, 2> x) {
  state<float, 5, 2> late("late", x), later("later", x, 1.0f);
  auto const old = late;
  auto const window = concat<0>(late, x);
  late = slice<0, T, T + 5>(window);
  auto const delayed = slice<0, 0, T>(window);  // x five rows ago
  auto const both = concat<0>(later, delayed);  // the second ring of the same rows
  later = slice<0, T, T + 5>(both);
  return boost::hana::make_tuple(delayed, slice<0, 0, T>(both), slice<0, 2, 3>(old) + 0.0f);
};
using Delays = streaming<delays, 32>;

}  // namespace

TEST_CASE("a state that keeps the last rows is a ring, and reads as what it keeps",
          "[runtime][streaming][state]") {
  STATIC_REQUIRE(Delays::net::plan.rings.size() == 2);
  STATIC_REQUIRE(Delays::net::plan.moves.size() <= 2);
  stream<Delays> run{known_weights<Delays>()};
  std::vector<float> x(400), first, second;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i + 1);
  std::size_t at = 0;
  for (std::size_t const rows : {1u, 3u, 32u, 9u, 8u, 17u, 1u, 1u, 2u, 30u, 5u, 31u}) {
    auto const y = run(std::span<float const>(x.data() + 2 * at, 2 * rows));
    REQUIRE(y);
    auto const& delayed = (*y)[boost::hana::size_c<0>];
    auto const& twice = (*y)[boost::hana::size_c<1>];
    first.insert(first.end(), delayed.begin(), delayed.end());
    second.insert(second.end(), twice.begin(), twice.end());
    at += rows;
    auto const kept = run.state("late"_t);
    for (std::size_t i = 0; i < 10; ++i) {
      std::size_t const wanted = 2 * at + i;
      CHECK(kept[i] == (wanted >= 10 ? x[wanted - 10] : 0.0f));
    }
  }
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i] == (i >= 10 ? x[i - 10] : 0.0f));
    CHECK(second[i] == (i >= 20 ? x[i - 20] : i >= 10 ? 0.0f : 1.0f));
  }
}

namespace {

template <int Stride>
inline constexpr auto voice = []<int T>(tensor<float, T, 3> x) {
  constexpr signal_conv down{.kernel = 3, .stride = Stride, .dilation = 2};
  auto const h = tanh(causal_conv1d<16, down>("a", x));
  auto const g = causal_conv1d<8, signal_conv{.kernel = 4, .bias = false}>("b", h);
  return causal_conv1d<5, signal_conv{.kernel = 1}>("c", relu(g));
};
template <int Stride, int Voices>
inline constexpr auto voices = []<int T>(tensor<float, T, Voices, 3> x) {
  constexpr signal_conv down{.kernel = 3, .stride = Stride, .dilation = 2};
  auto const h = tanh(causal_conv1d<16, down>("a", x));
  auto const g = causal_conv1d<8, signal_conv{.kernel = 4, .bias = false}>("b", h);
  return causal_conv1d<5, signal_conv{.kernel = 1}>("c", relu(g));
};

template <int Stride, int Voices>
void check_voices() {
  CAPTURE(Stride, Voices);
  using One = streaming<voice<Stride>, 16, options{}, Stride>;
  using All = streaming<voices<Stride, Voices>, 16, options{}, Stride>;
  STATIC_REQUIRE(All::net::plan.rings.size() == 2);
  stream<All> together{known_weights<All>()};
  constexpr std::size_t rows = 48, out = rows / Stride, count = Voices;
  std::vector<float> x(rows * count * 3), found;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i * i % 97));
  for (std::size_t at = 0, turn = 0; at < rows; ++turn) {
    std::size_t const now =
        std::min<std::size_t>(turn % 2 == 0 ? 16 / Stride * Stride : Stride, rows - at);
    auto const y = together(std::span<float const>(x.data() + at * count * 3, now * count * 3));
    REQUIRE(y);
    found.insert(found.end(), y->begin(), y->end());
    at += now;
  }
  for (std::size_t v = 0; v < count; ++v) {
    stream<One> alone{known_weights<One>()};
    for (std::size_t row = 0; row < out; ++row) {
      std::vector<float> in;
      for (std::size_t r = row * Stride; r < (row + 1) * Stride; ++r)
        in.insert(in.end(), &x[(r * count + v) * 3], &x[(r * count + v) * 3] + 3);
      auto const y = alone(in);
      REQUIRE(y);
      for (std::size_t c = 0; c < 5; ++c) CHECK((*y)[c] == found[(row * count + v) * 5 + c]);
    }
  }
}

}  // namespace

TEST_CASE("many signals in one call have the bits that each has alone", "[runtime][streaming]") {
  check_voices<1, 1>();
  check_voices<1, 5>();
  check_voices<2, 3>();
}

namespace {

inline constexpr auto two_rates = []<int T>(tensor<float, T, 2> x) {
  auto const half = causal_conv1d<3, signal_conv{.kernel = 4, .stride = 2}>("down", x);
  auto const far = causal_conv1d<3, signal_conv{.kernel = 3, .dilation = 5}>("far", half);
  return half + far;
};
inline constexpr auto endless = []<int T>(tensor<float, T, 1> x) {
  state<float, 1, 4> h("h", x);
  auto const last = slice<0, T - 1, T>(causal_conv1d<4, signal_conv{.kernel = 3}>("c", x));
  h = tanh(h + last);
  return h;
};

}  // namespace

TEST_CASE("a streaming model knows how far back it looks", "[runtime][streaming]") {
  STATIC_REQUIRE(Delays::receptive_field() == 11);
  STATIC_REQUIRE(streaming<two_rates, 64, options{}, 2>::receptive_field() == 1 + 3 + 2 * 10);
  STATIC_REQUIRE(streaming<endless, 8>::receptive_field() == 0);
}

TEST_CASE("a stream's states are saved, restored, written and reset",
          "[runtime][streaming][state]") {
  stream<Delays> run{known_weights<Delays>()};
  std::vector<float> x(60);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i + 1);
  auto const numbers = [&](std::size_t row, std::size_t rows) {
    auto const y = run(std::span<float const>(x.data() + 2 * row, 2 * rows));
    REQUIRE(y);
    auto const& second = (*y)[boost::hana::size_c<1>];
    return std::vector<float>(second.begin(), second.end());
  };
  auto const begin = numbers(0, 13);
  auto const saved = run.save();
  auto const went_on = numbers(13, 15);
  REQUIRE(run.restore(saved));
  CHECK(numbers(13, 15) == went_on);
  run.reset();
  CHECK(numbers(0, 13) == begin);

  run.reset();
  run.state("later"_t)[0] = 42;
  CHECK(numbers(0, 1)[0] == 42);

  auto broken = saved;
  broken[0] = std::byte{3};  // a cursor that is no multiple of a row
  auto const refused = run.restore(broken);
  REQUIRE(!refused);
  CHECK(refused.error().text.find("was not saved from this model") != std::string::npos);
  broken = saved;
  broken[7] = std::byte{0xff};  // a negative one
  CHECK(!run.restore(broken));
  CHECK(!run.restore(std::span(saved).first(8)));
  run.reset();
  run.prewarm(40);
  CHECK(numbers(0, 1)[0] == 0);
}

TEST_CASE("a stream refuses blocks that do not fit", "[runtime][streaming]") {
  stream<Delays> run{known_weights<Delays>()};
  auto const text_of = [&](std::size_t numbers) {
    auto const y = run(std::vector<float>(numbers));
    return y ? std::string() : y.error().text;
  };
  auto const before = run.save();
  CHECK(text_of(0) == "etch: stream: the block has 0 rows, expected 1 to 32");
  CHECK(text_of(66) == "etch: stream: the block has 33 rows, expected 1 to 32");
  CHECK(text_of(5) == "etch: stream: input 0 has 5 numbers, expected 4 for 2 rows");
  CHECK(run.save() == before);

  using Third =
      streaming<conv_of<float, 4, 7, signal_conv{.kernel = 5, .stride = 3}>, 75, options{}, 3>;
  stream<Third> thirds{known_weights<Third>()};
  auto const y = thirds(std::vector<float>(16));
  REQUIRE(!y);
  CHECK(y.error().text == "etch: stream: the block has 4 rows, expected 1 to 75, a multiple of 3");
}
