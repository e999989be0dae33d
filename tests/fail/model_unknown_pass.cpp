// EXPECT: etch: model: options.without names a pass that does not exist
#include <etch/etch.hpp>

using namespace etch;

inline constexpr auto net = [](tensor<float, 8> x) { return relu(x); };

#ifdef ETCH_CONTROL
using Net = model<net, options{.without = "fold_affine, fuse_epilogue"}>;
#else
using Net = model<net, options{.without = "fold_affine, fuse_epilog"}>;
#endif

static_assert(Net::cost().steps == 1);  // HERE
