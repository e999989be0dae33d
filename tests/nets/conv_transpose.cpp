// Transposed convolutions from the lambda to the session, and op by op: what the graph means.

#include <etch/eager/executor.hpp>
#include <etch/etch.hpp>

#include "catch.hpp"
#include "support/known_weights.hpp"

namespace {

using namespace etch;

/// The halves of an autoencoder: down by 4, up by 4 with each of the usual kernels.
struct autoencoder_net {
  constexpr auto operator()(tensor<float, 2, 3, 12, 16> x) const {
    auto const h = relu(conv2d<8, conv{.kernel = 4, .stride = 4}>("down", x));
    auto const up =
        relu(conv_transpose2d<8, conv_transpose{.kernel = 4, .stride = 2, .padding = 1}>("up1", h));
    return sigmoid(conv_transpose2d<
                   3, conv_transpose{.kernel = 3, .stride = 2, .padding = 1, .output_padding = 1}>(
        "up2", up));
  }
};
inline constexpr autoencoder_net autoencoder{};

/// Channels last, with a residual, groups, a dilation, and stride 1 at the end.
struct last_net {
  constexpr auto operator()(tensor<float, 1, 5, 4, 8> x) const {
    auto const up =
        conv_transpose2d<6, conv_transpose{.kernel = 2, .stride = 2, .groups = 2, .layout = nhwc}>(
            "up", x);
    auto const y =
        conv_transpose2d<6,
                         conv_transpose{.kernel = 3, .padding = 2, .dilation = 2, .layout = nhwc}>(
            "same", up);
    return tanh(y + up);
  }
};
inline constexpr last_net last{};

struct double_net {
  constexpr auto operator()(tensor<double, 1, 2, 3, 3> x) const {
    return conv_transpose2d<5, conv_transpose{.kernel = {5, 1}, .stride = {3, 2}, .padding = same}>(
        "up", x);
  }
};
inline constexpr double_net doubles{};

template <class... A>
auto first_of(front::types<A...>) -> std::tuple_element_t<0, std::tuple<A...>>;

/// A session without plain loops and the executor of the graph as written, both on the same
/// weights, give what the graph means.
template <auto Net>
void check(double tolerance) {
  using compiled = model<Net, options{.require_vector = true}>;
  using argument = decltype(first_of(typename compiled::signature::arguments{}));
  ir::graph const graph = compiled::trace();
  auto const inputs = etch_test::random_inputs(graph, 5);
  auto const expected = etch_test::evaluate(graph, inputs);
  auto const x = etch_test::numbers_of<typename argument::value_type,
                                       static_cast<std::size_t>(argument::elements)>(inputs[0]);

  auto const weights = etch_test::known_weights<compiled>();
  session<compiled> run{weights};
  CHECK(etch_test::agrees(run(x), expected[0], tolerance));

  std::string const file = etch_test::weights_file<compiled>();
  eager::executor<compiled> as_written{
      safetensors::from_memory(etch_test::as_bytes(file), "known").value_or_throw()};
  CHECK(etch_test::agrees(as_written(x), expected[0], tolerance));
}

}  // namespace

TEST_CASE("transposed convolutions run as convolutions and mean the same",
          "[nets][conv_transpose]") {
  check<autoencoder>(1e-5);
  check<last>(1e-5);
  check<doubles>(1e-13);
}
