#include "grown_net.hpp"

TEST_CASE("the kernels compute what random graphs of floats mean", "[nets][grown]") {
  using namespace etch_test;
  check_all_grown<ir::dtype::f32, 0>(1e-4, std::make_index_sequence<4>{});
}
