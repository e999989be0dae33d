// EXPECT: etch: parameter: the name is empty
#include <etch/front/trace.hpp>
#include <etch/ops/add.hpp>

using namespace etch;

#ifdef ETCH_CONTROL
constexpr char const* weight = "bias";
#else
constexpr char const* weight = "";
#endif

constexpr auto model = [](tensor<float, 8> x) { return x + parameter<float, 8>(weight); };

static_assert(front::trace<model>().size() == 3);  // HERE
