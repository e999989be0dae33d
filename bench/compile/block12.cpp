// Twelve equal residual blocks: see blocks.hpp.
#include "blocks.hpp"

template float run_blocks<12>(etch::weights<blocks_model<12>> const&,
                              float const (&)[channels * 16 * 16]);
