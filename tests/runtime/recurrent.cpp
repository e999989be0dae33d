#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

// Recurrent cells against their formulas in double, over several calls.

namespace {

using namespace etch;
using namespace etch_test;

constexpr recurrent torch_cell{}, second_of_stack{.layer = 1}, torch_no_bias{.bias = false},
    keras_cell{.layout = rnn_layout::keras},
    keras_no_bias{.layout = rnn_layout::keras, .bias = false},
    keras_before{.layout = rnn_layout::keras, .reset_after = false},
    keras_before_no_bias{.layout = rnn_layout::keras, .bias = false, .reset_after = false};

enum class kind { rnn, gru, lstm };

template <class T, kind Kind, int Batch, int K, int H, recurrent Config>
struct layer {
  constexpr auto operator()(tensor<T, Batch, K> x) const {
    if constexpr (Kind == kind::rnn)
      return rnn<H, Config>("net", x);
    else if constexpr (Kind == kind::gru)
      return gru<H, Config>("net", x);
    else
      return lstm<H, Config>("net", x);
  }
};

/// A weight in double, as [rows][columns]; zeros where the layer has none.
using matrix = std::vector<std::vector<double>>;

template <class T>
matrix weight(bool exists, std::string const& name, int rows, int cols, bool is_vector = false) {
  matrix m(static_cast<std::size_t>(rows), std::vector<double>(static_cast<std::size_t>(cols), 0));
  if (!exists) return m;
  ir::shape const shape = is_vector ? ir::shape(cols) : ir::shape(rows, cols);
  auto const values = random_value({ir::dtype_of<T>, shape}, core::hash_text("net." + name), false);
  auto const* from = static_cast<T const*>(values.ref().data);
  for (auto& row : m)
    for (double& each : row) each = static_cast<double>(*from++);
  return m;
}

matrix transposed(matrix const& m) {
  matrix t(m[0].size(), std::vector<double>(m.size()));
  for (std::size_t i = 0; i < m.size(); ++i)
    for (std::size_t k = 0; k < m[0].size(); ++k) t[k][i] = m[i][k];
  return t;
}

/// The weights of all layouts as [gates * H][...], with the biases of both products.
struct gates {
  matrix w, u;
  std::vector<double> b, c;
};

template <class T, recurrent Config>
gates weights_of(kind of, int count, int k, int h) {
  int const all = count * h;
  if (Config.layout == rnn_layout::torch) {
    std::string const end = Config.layer < 0 ? "" : "_l" + std::to_string(Config.layer);
    return {weight<T>(true, "weight_ih" + end, all, k), weight<T>(true, "weight_hh" + end, all, h),
            weight<T>(Config.bias, "bias_ih" + end, 1, all, true)[0],
            weight<T>(Config.bias, "bias_hh" + end, 1, all, true)[0]};
  }
  gates g{transposed(weight<T>(true, "kernel", k, all)),
          transposed(weight<T>(true, "recurrent_kernel", h, all)),
          {},
          {}};
  bool const two = of == kind::gru && Config.reset_after && Config.bias;
  auto const b =
      two ? weight<T>(true, "bias", 2, all) : weight<T>(Config.bias, "bias", 1, all, true);
  g.b = b[0];
  g.c = two ? b[1] : std::vector<double>(static_cast<std::size_t>(all), 0);
  return g;
}

double product(matrix const& m, std::size_t row, std::vector<double> const& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += m[row][i] * x[i];
  return sum;
}
double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

template <kind Kind, recurrent Config>
void step(gates const& g, std::vector<double> const& x, std::vector<double>& h,
          std::vector<double>& c) {
  std::size_t const n = h.size();
  auto const from_x = [&](std::size_t gate, std::size_t i) {
    return product(g.w, gate * n + i, x) + g.b[gate * n + i];
  };
  auto const from_h = [&](std::size_t gate, std::size_t i, std::vector<double> const& of) {
    return product(g.u, gate * n + i, of) + g.c[gate * n + i];
  };
  auto next = h;
  if constexpr (Kind == kind::rnn) {
    for (std::size_t i = 0; i < n; ++i) next[i] = std::tanh(from_x(0, i) + from_h(0, i, h));
  } else if constexpr (Kind == kind::gru) {
    bool const keras = Config.layout == rnn_layout::keras;
    std::size_t const zg = keras ? 0 : 1, rg = keras ? 1 : 0;
    std::vector<double> r(n), reset(n);
    for (std::size_t i = 0; i < n; ++i) {
      r[i] = sigmoid_of(from_x(rg, i) + from_h(rg, i, h));
      reset[i] = r[i] * h[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      double const z = sigmoid_of(from_x(zg, i) + from_h(zg, i, h));
      double const back = Config.reset_after ? r[i] * from_h(2, i, h) : from_h(2, i, reset);
      next[i] = z * h[i] + (1 - z) * std::tanh(from_x(2, i) + back);
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      auto const at = [&](std::size_t gate) { return from_x(gate, i) + from_h(gate, i, h); };
      c[i] = sigmoid_of(at(1)) * c[i] + sigmoid_of(at(0)) * std::tanh(at(2));
      next[i] = sigmoid_of(at(3)) * std::tanh(c[i]);
    }
  }
  h = next;
}

template <class T, kind Kind, int Batch, int K, int H, recurrent Config>
void check() {
  static constexpr layer<T, Kind, Batch, K, H, Config> net{};
  using Model = model<net, options{.require_vector = true}>;
  session<Model> run{known_weights<Model>()};
  int const count = Kind == kind::rnn ? 1 : Kind == kind::gru ? 3 : 4;
  gates const g = weights_of<T, Config>(Kind, count, K, H);
  std::vector<std::vector<double>> h(Batch, std::vector<double>(H, 0)), c = h;
  double const margin = sizeof(T) == 4 ? 2e-5 : 1e-13;
  for (int call = 0; call < 12; ++call) {
    std::array<T, Batch * K> x;
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<T>(std::sin(1.3 * static_cast<double>(i) + 0.7 * call));
    auto const y = run(x);
    for (std::size_t b = 0; b < Batch; ++b) {
      std::vector<double> const row(x.begin() + static_cast<std::ptrdiff_t>(b * K),
                                    x.begin() + static_cast<std::ptrdiff_t>((b + 1) * K));
      step<Kind, Config>(g, row, h[b], c[b]);
      for (std::size_t i = 0; i < H; ++i) {
        CAPTURE(call, b, i, K, H, Batch);
        CHECK(std::fabs(static_cast<double>(y[b * H + i]) - h[b][i]) <= margin);
      }
    }
  }
}

}  // namespace

TEST_CASE("an Elman network is its formula", "[runtime][recurrent]") {
  check<float, kind::rnn, 1, 3, 5, torch_cell>();
  check<float, kind::rnn, 4, 1, 16, keras_cell>();
  check<double, kind::rnn, 2, 2, 7, torch_no_bias>();
}

TEST_CASE("a GRU is its formula, resetting behind the product or before", "[runtime][recurrent]") {
  check<float, kind::gru, 1, 1, 9, torch_cell>();
  check<float, kind::gru, 1, 4, 16, second_of_stack>();
  check<float, kind::gru, 3, 5, 17, torch_no_bias>();
  check<float, kind::gru, 1, 2, 8, keras_cell>();
  check<double, kind::gru, 2, 3, 6, keras_cell>();
  check<float, kind::gru, 1, 3, 12, keras_no_bias>();
  check<float, kind::gru, 1, 2, 8, keras_before>();
  check<float, kind::gru, 2, 7, 33, keras_before>();
  check<float, kind::gru, 1, 1, 1, keras_before_no_bias>();
}

TEST_CASE("an LSTM is its formula", "[runtime][recurrent]") {
  check<float, kind::lstm, 1, 1, 16, torch_cell>();
  check<float, kind::lstm, 12, 2, 8, torch_cell>();
  check<double, kind::lstm, 1, 3, 5, second_of_stack>();
  check<float, kind::lstm, 1, 2, 20, keras_cell>();
  check<float, kind::lstm, 2, 3, 3, keras_no_bias>();
}

TEST_CASE("layers of a stack have states of their own", "[runtime][recurrent]") {
  constexpr auto stack = [](tensor<float, 1, 2> x) {
    auto const h = lstm<4, recurrent{.layer = 0}>("net", x);
    return lstm<4, recurrent{.layer = 1}>("net", h);
  };
  session<model<stack>> run{known_weights<model<stack>>()};
  auto const y = run(std::array<float, 2>{1.0f, -1.0f});
  auto const h = run.state("net.h_l1"_t);
  CHECK(std::equal(y.begin(), y.end(), h.begin(), h.end()));
  CHECK(run.state("net.c_l0"_t)[0] != 0.0f);
}

namespace {

/// Each row of a batch goes on with a state of its own.
template <kind Kind, int Batch, int K, int H>
void check_alone() {
  using All = model<layer<float, Kind, Batch, K, H, torch_cell>{}>;
  using One = model<layer<float, Kind, 1, K, H, torch_cell>{}>;
  session<All> together{known_weights<All>()};
  std::vector<session<One>> alone;
  for (int i = 0; i < Batch; ++i) alone.emplace_back(known_weights<One>());
  for (int call = 0; call < 20; ++call) {
    std::array<float, static_cast<std::size_t>(Batch * K)> x{};
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = std::sin(static_cast<float>(call * 31) + static_cast<float>(i) * 0.7f);
    auto const y = together(x);
    for (std::size_t row = 0; row < alone.size(); ++row) {
      auto const own = alone[row](std::span<float const, K>(x.data() + row * K, K));
      for (std::size_t i = 0; i < H; ++i) CHECK(own[i] == y[row * H + i]);
    }
  }
}

}  // namespace

TEST_CASE("many voices in one call have the bits that each has alone", "[runtime][recurrent]") {
  check_alone<kind::rnn, 3, 4, 9>();
  check_alone<kind::gru, 5, 3, 16>();
  check_alone<kind::lstm, 12, 2, 8>();
  check_alone<kind::lstm, 7, 1, 40>();
}
