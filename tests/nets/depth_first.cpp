// Models whose chains run tile by tile: the bits are those of one step after the other.

#include "catch.hpp"
#include "grown_net.hpp"
#include "tiled_net.hpp"

namespace {

using namespace etch;
using etch_test::same_bits;

constexpr plan::tile_policy small{.least_bytes = 0, .tile_bytes = 8192};
constexpr plan::tile_policy single{.least_bytes = 0, .tile_bytes = 1, .least_rows = 1};

/// 1000 rows, a residual, a norm of each row, a mean that is read by row.
struct rows_net {
  constexpr auto operator()(tensor<float, 1000, 32> x, tensor<float, 1000, 1> gain) const {
    auto h = relu(linear<64>("a", x)) * gain;
    h = tanh(linear<64>("b", h)) + h;
    h = layer_norm("norm", h);
    return softmax(linear<5>("c", h));
  }
};
inline constexpr rows_net rows{};

struct double_net {
  constexpr auto operator()(tensor<double, 130, 20> x) const {
    return linear<3>("b", sigmoid(linear<33>("a", x)));
  }
};
inline constexpr double_net doubles{};

/// Heads with keys of their own, one mask for all of them, and a mask of bool.
struct heads_net {
  using heads = tensor<float, 4, 101, 16>;
  constexpr auto operator()(heads q, heads k, heads v, tensor<float, 1, 101, 101> mask) const {
    auto const scores = matmul(q, transpose<0, 2, 1>(k)) * 0.25f + mask;
    return matmul(softmax(where(scores > -3.0f, scores, -9.0f)), v);
  }
};
inline constexpr heads_net heads{};

/// One matrix of keys for all rows of a batch.
struct shared_keys_net {
  constexpr auto operator()(tensor<float, 2, 50, 16> q, tensor<float, 16, 24> k) const {
    return log_softmax(matmul(q, k));
  }
};
inline constexpr shared_keys_net shared_keys{};

}  // namespace

TEST_CASE("a chain gives the same bits tile by tile", "[nets][depth_first]") {
  same_bits<rows, small>();
  same_bits<rows, single>();
  same_bits<doubles, small>();
  same_bits<heads, small>();
  same_bits<heads, plan::tile_policy{.least_bytes = 0}>();
  same_bits<shared_keys, small>();
}

TEST_CASE("random graphs in tiles of a row mean what they mean", "[nets][grown][depth_first]") {
  using namespace etch_test;
  check_all_grown<ir::dtype::f32, 100, single>(1e-4, std::make_index_sequence<3>{});
}
