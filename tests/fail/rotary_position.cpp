// EXPECT: etch: rotary_embedding: the position is not one int32 or int64
#include <etch/etch.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
using place = tensor<std::int32_t, 1>;
#else
using place = tensor<std::int32_t, 5>;
#endif

constexpr rotary config{.positions = 8};
constexpr auto net = [](tensor<float, 5, 4, 10> x, place at) {
  return rotary_embedding<config>(x, at);  // HERE
};

static_assert(front::trace<net>().outputs.size() == 1);
