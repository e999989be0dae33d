// Language models that read and write a cache: one token at position 128, and prompts of 128.
#include "models/decoder.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr models::gpt2<1, 128, 256> gpt2_step{};
constexpr models::gpt2<128, 0, 256> gpt2_prompt{};
constexpr models::small_llama<1, 128, 512> stories_step{};

}  // namespace

std::vector<workload> decoder_workloads() {
  return {workload_of<gpt2_step>("w11_gpt2_step", 1),
          workload_of<gpt2_prompt>("w11_gpt2_prompt", 128),
          workload_of<stories_step>("stories260k_step", 1)};
}

}  // namespace bench
