// EXPECT: etch: session: an input has another dtype than the model.s argument, or is no
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

inline constexpr auto net = [](tensor<float, T, 8> x) { return x * 2.0f; };
using Net = model<net>;
#ifdef ETCH_CONTROL
auto call(session<Net>& run, std::vector<float> const& x) { return run(x); }
#else
auto call(session<Net>& run, std::vector<double> const& x) { return run(x); }  // HERE
#endif
