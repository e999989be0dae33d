// Models with lengths that the call decides: the bits are those of the same model made for each of
// these lengths.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 70);

/// Rows that know nothing of each other.
template <auto Rows>
struct rows_net {
  constexpr auto operator()(tensor<float, Rows, 20> x) const {
    auto h = relu(linear<33>("a", x));
    h = layer_norm("norm", tanh(linear<33>("b", h)) + h);
    return softmax(linear<5>("c", h)) * 2.0f;
  }
};

}  // namespace

TEST_CASE("independent rows have the bits of a model of so many rows", "[nets][bounded]") {
  etch_test::same_bits_as_fixed<rows_net, T, float>(20,
                                                    std::integer_sequence<int, 1, 2, 7, 65, 70>{});
}

TEST_CASE("independent rows are the same in every number of rows", "[nets][bounded]") {
  etch_test::first_rows_agree<model<etch_test::made<rows_net<T>>>, 70>(20);
}
