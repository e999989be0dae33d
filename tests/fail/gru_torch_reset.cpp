// EXPECT: etch: gru_cell: PyTorch's weights are for .reset_after = true
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr recurrent how{};
#else
constexpr recurrent how{.reset_after = false};
#endif

constexpr auto net = [](tensor<float, 1, 4> x) {
  return gru<8, how>("gru", x);  // HERE
};

static_assert(front::trace<net>().states.size() == 1);
