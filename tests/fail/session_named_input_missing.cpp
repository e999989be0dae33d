// EXPECT: etch: session: a named input of the model is missing
#include <array>

#include <etch/etch.hpp>

using namespace etch;

using row = tensor<float, 8>;
inline constexpr auto net = [](named<"x", row> x, named<"mask", row> mask) { return x * mask; };

void call(session<model<net>>& run, std::array<float, 8> const& x) {
#ifdef ETCH_CONTROL
  run("x"_t = x, "mask"_t = x);
#else
  run("x"_t = x, "task"_t = x);  // HERE
#endif
}
