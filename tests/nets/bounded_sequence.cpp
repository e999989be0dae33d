// Recurrent nets and loops along sequences as long as a call says.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 50);

/// Two layers of an LSTM in both directions, all their rows and the last ones.
template <auto Rows>
struct lstm_net {
  constexpr auto operator()(tensor<float, Rows, 1, 6> x) const {
    auto const [y, h, c] =
        lstm_sequence<10, recurrent_sequence{.layers = 2, .bidirectional = true}>(
            "rnn", tanh(linear<8>("in", x)));
    auto const rows = linear<3>("out", reshape<-1, 20>(y));
    return concat<0>(softmax(rows), linear<3>("state", reshape<4, 10>(h + c)));
  }
};

/// A body of one's own, from the end, and what it leaves.
template <auto Rows>
struct scan_net {
  constexpr auto operator()(tensor<float, Rows, 5> x) const {
    auto const zero = mean<0>(x) * 0.0f;
    auto const [sum, all] = scan<scan_options{.reverse = true}>(zero, x, [](auto s, auto row) {
      auto const next = s * 0.5f + row;
      return std::tuple(next, next);
    });
    return all * sum + slice<0, -1>(x);
  }
};

/// Forwards, and joined with what was read.
inline constexpr auto forwards = [](tensor<float, T, 1, 6> x) {
  return concat<1>(reshape<-1, 9>(gru_sequence<9>("rnn", x).y), reshape<-1, 6>(x));
};

}  // namespace

TEST_CASE("an LSTM along a sequence of any length", "[nets][bounded][sequence]") {
  etch_test::same_bits_as_fixed<lstm_net, T, float>(6, std::integer_sequence<int, 1, 17, 50>{});
}

TEST_CASE("a scan of any length, from the end", "[nets][bounded][sequence]") {
  etch_test::same_bits_as_fixed<scan_net, T, float>(5, std::integer_sequence<int, 1, 2, 49>{});
}

TEST_CASE("a GRU gives the same rows in every length", "[nets][bounded][sequence]") {
  etch_test::first_rows_agree<model<forwards>, 50>(6);
}
