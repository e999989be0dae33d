// What moves elements about: transposes, margins, parts and joints of axes, where a call decides
// extents before or behind others.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 33);

/// Heads before rows and back, by way of rows behind columns.
template <auto Rows>
struct turned_net {
  constexpr auto operator()(tensor<float, Rows, 24> x) const {
    auto const heads = transpose<1, 0, 2>(reshape<-1, 4, 6>(x));
    auto const h = linear<7>("a", layer_norm("norm", heads));
    auto const columns = transpose<0, 2, 1>(slice<0, 1, 4>(h));
    return reshape<-1, 21>(transpose<2, 0, 1>(sigmoid(columns)));
  }
};

/// Columns of a call in the middle and at the end.
template <auto Columns>
struct framed_net {
  constexpr auto operator()(tensor<double, 5, Columns> x) const {
    auto const both = concat<1>(x, pad<margin{.axis = 1, .before = 2, .after = 1}>(x, 0.5f));
    auto const framed = pad<margin{0, 1, 1}, margin{1, 0, 3}>(transpose<>(both), -1.0f);
    return transpose<>(framed) * 2.0 + mean<0, 1>(slice<0, 3>(both));
  }
};

}  // namespace

TEST_CASE("axes change places", "[nets][bounded]") {
  etch_test::same_bits_as_fixed<turned_net, T, float>(24, std::integer_sequence<int, 1, 32>{});
}

TEST_CASE("margins and joints lie along the columns of the call", "[nets][bounded]") {
  etch_test::same_bits_as_fixed<framed_net, T, double>(5, std::integer_sequence<int, 1, 9, 33>{});
}
