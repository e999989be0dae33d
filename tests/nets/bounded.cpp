// Models with lengths that the call decides: the bits are those of the same model made for each of
// these lengths.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 70);
inline constexpr extent S = dim("S", 20);

/// Rows that know nothing of each other.
template <auto Rows>
struct rows_net {
  constexpr auto operator()(tensor<float, Rows, 20> x) const {
    auto h = relu(linear<33>("a", x));
    h = layer_norm("norm", tanh(linear<33>("b", h)) + h);
    return softmax(linear<5>("c", h)) * 2.0f;
  }
};

/// Rows of two lengths as rows of their product, beside what is known of the second.
template <auto Rows, auto Columns>
struct grid_net {
  constexpr auto operator()(tensor<float, Rows, Columns, 8> x, tensor<float, Columns, 3> y) const {
    auto const h = gelu(linear<19>("in", reshape<-1, 8>(x)));
    auto const z = reshape<Rows, Columns, 3>(linear<3>("out", h));
    return log_softmax(z * mean<0>(y)) + amin<0, 1>(y);
  }
};

}  // namespace

TEST_CASE("independent rows have the bits of a model of so many rows", "[nets][bounded]") {
  etch_test::same_bits_as_fixed<rows_net, T, float>(20, std::integer_sequence<int, 1, 7, 65, 70>{});
}

TEST_CASE("independent rows are the same in every number of rows", "[nets][bounded]") {
  etch_test::first_rows_agree<model<etch_test::made<rows_net<T>>>, 70>(20);
}

TEST_CASE("rows of two lengths are rows of their product", "[nets][bounded]") {
  using etch_test::made, etch_test::some_numbers;
  etch_test::beside_fixed<model<made<grid_net<T, S>>>> beside;
  beside.check<model<made<grid_net<3, 17>>>>(some_numbers<float>(3 * 17 * 8, 31),
                                             some_numbers<float>(17 * 3, 23));
  beside.check<model<made<grid_net<70, 1>>>>(some_numbers<float>(70 * 8, 31),
                                             some_numbers<float>(3, 23));
}
