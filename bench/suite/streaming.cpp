// Streaming convolutions, a block for each call; their histories are in the session.
#include "../../examples/nets/nam_wavenet.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr auto const& nam_block64 = etch::detail::with_rows<nets::nam_wavenet_standard, 64>;
constexpr auto const& nam_block1 = etch::detail::with_rows<nets::nam_wavenet_standard, 1>;

}  // namespace

std::vector<workload> streaming_workloads() {
  return {workload_of<nam_block64>("w7_nam_block64", 64), workload_of<nam_block1>("nam_block1", 1)};
}

}  // namespace bench
