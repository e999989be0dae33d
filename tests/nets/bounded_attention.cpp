// Attention among as many tokens as a call has, and of as many queries to as many keys.

#include "bounded_net.hpp"

namespace {

using namespace etch;

inline constexpr extent T = dim("T", 70);
inline constexpr extent S = dim("S", 40);

/// Queries and keys of different lengths: what is made of one sequence beside another.
template <auto Queries, auto Keys>
struct pair_net {
  constexpr auto operator()(tensor<double, Queries, 12> x, tensor<double, Keys, 9> memory) const {
    auto const q = reshape<Queries, 3, 4>(linear<12>("q", x));
    auto const k = reshape<Keys, 3, 4>(linear<12>("k", memory));
    auto const v = reshape<Keys, 3, 5>(linear<15>("v", memory));
    auto const seen =
        reshape<-1, 15>(scaled_dot_product_attention<attention{.window = 9}>(q, k, v));
    return linear<7>("o", rms_norm("norm", seen));
  }
};

/// One query, which is a parameter, to all tokens; causal attention before that.
template <auto Rows>
struct pooled_net {
  constexpr auto operator()(tensor<float, Rows, 16> x) const {
    auto const heads = reshape<-1, 4, 4>(linear<16>("in", x));
    auto const turned = rotary_embedding<rotary{.positions = 70}>(heads, 0);
    auto const h = scaled_dot_product_attention<attention{.causal = true}>(turned, turned, heads);
    auto const one = reshape<1, 4, 4>(linear<16>("query", parameter<float, 1, 16>("pool", x)));
    return scaled_dot_product_attention(one, reshape<-1, 4, 4>(reshape<-1, 16>(h)), heads);
  }
};

/// A mask made of positions, and one from outside for each head that is added to the scores.
template <auto Queries, auto Keys>
struct masked_net {
  constexpr auto operator()(tensor<float, Queries, 1> at, tensor<float, Keys, 6> x,
                            tensor<float, 4, Queries, Keys> bias) const {
    auto const q = reshape<Queries, 4, 3>(linear<12>("q", at));
    auto const keys = reshape<Keys, 2, 3>(x);
    auto const positions = transpose<>(linear<1>("position", x));
    auto const seen = scaled_dot_product_attention(q, keys, keys, at >= positions);
    return scaled_dot_product_attention<attention{.window = 11}>(seen, keys, keys, bias);
  }
};

/// A row sees the rows before it.
inline constexpr auto causal = [](tensor<float, T, 16> x) {
  auto const heads = reshape<-1, 2, 8>(linear<16>("in", x));
  auto const seen = scaled_dot_product_attention<attention{.causal = true}>(heads, heads, heads);
  return linear<5>("out", reshape<-1, 16>(seen) + x);
};

}  // namespace

TEST_CASE("queries and keys have lengths of their own", "[nets][bounded][attention]") {
  using etch_test::made, etch_test::some_numbers;
  etch_test::beside_fixed<model<made<pair_net<T, S>>>> beside;
  beside.check<model<made<pair_net<1, 40>>>>(some_numbers<double>(12, 31),
                                             some_numbers<double>(40 * 9, 17));
  beside.check<model<made<pair_net<33, 1>>>>(some_numbers<double>(33 * 12, 31),
                                             some_numbers<double>(9, 17));
  beside.check<model<made<pair_net<70, 19>>>>(some_numbers<double>(70 * 12, 31),
                                              some_numbers<double>(19 * 9, 17));
}

TEST_CASE("masks have the queries and keys of the call", "[nets][bounded][attention]") {
  using etch_test::made, etch_test::some_numbers;
  etch_test::beside_fixed<model<made<masked_net<T, S>>>> beside;
  auto const check = [&]<int Q, int K>(std::integer_sequence<int, Q, K>) {
    beside.check<model<made<masked_net<Q, K>>>>(some_numbers<float>(Q, 31),
                                                some_numbers<float>(K * 6, 17),
                                                some_numbers<float>(4 * Q * K, 29));
  };
  check(std::integer_sequence<int, 1, 40>{});
  check(std::integer_sequence<int, 37, 21>{});
}

TEST_CASE("causal attention, and one query to all rows", "[nets][bounded][attention]") {
  etch_test::same_bits_as_fixed<pooled_net, T, float>(16, std::integer_sequence<int, 1, 31, 70>{});
}

TEST_CASE("causal attention is the same in every number of rows", "[nets][bounded][attention]") {
  etch_test::first_rows_agree<model<causal>, 70>(16);
}
