// One residual block: see blocks.hpp.
#include "blocks.hpp"

template float run_blocks<1>(etch::weights<blocks_model<1>> const&,
                             float const (&)[channels * 16 * 16]);
