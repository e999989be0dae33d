// EXPECT: etch: clamp: low is above high, or NaN
#include <etch/front/trace.hpp>
#include <etch/ops/clamp.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr float high = 2.0f;
#else
constexpr float high = 0.5f;
#endif

constexpr auto model = [](tensor<float, 8> x) { return clamp(x, 1, high); };

static_assert(front::trace<model>().size() == 2);  // HERE
