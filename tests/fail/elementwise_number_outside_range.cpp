// EXPECT: etch: a number is outside the range of the dtype of the tensor
#include <etch/front/trace.hpp>
#include <etch/ops/add.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr int number = 255;
#else
constexpr int number = 256;
#endif

constexpr auto model = [](tensor<std::uint8_t, 8> x) { return x + number; };

static_assert(front::trace<model>().size() == 3);  // HERE
