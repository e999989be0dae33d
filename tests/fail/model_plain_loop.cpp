// EXPECT: etch: model: a step has no vector kernel, see explain<Model>\(\)
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto rows = [](tensor<int, 4, 8> x) { return sum<1>(x); };

#ifdef ETCH_CONTROL
using Rows = model<rows>;
#else
using Rows = model<rows, options{.require_vector = true}>;
#endif

static_assert(Rows::cost().steps_in_loops == 1);  // HERE
