// EXPECT: etch: executor: the model has dims
#include <etch/eager/executor.hpp>
#include <etch/etch.hpp>

using namespace etch;

inline constexpr extent T = dim("T", 64);

#ifdef ETCH_CONTROL
inline constexpr auto net = [](tensor<float, 64, 8> x) { return exp(x); };
#else
inline constexpr auto net = [](tensor<float, T, 8> x) { return exp(x); };
#endif

using oracle = eager::executor<model<net>>;
bool reads(oracle const& run) { return run.graph().size() > 0; }  // HERE
