// EXPECT: etch: session: a dim is told by no input
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64), S = dim("S", 64);

inline constexpr auto net = [](tensor<float, T, S, 8> x, tensor<float, T, 8> y) {
  return std::pair(x, y).first * 2.0f;
};
inline constexpr auto blind = [](tensor<float, T, S, 8> x) { return x * 2.0f; };

#ifdef ETCH_CONTROL
using Net = model<net>;
auto call(session<Net>& run, std::span<float const> x) { return run(x, x); }
#else
using Net = model<blind>;
auto call(session<Net>& run, std::span<float const> x) { return run(x); }  // HERE
#endif
