// Recurrent nets, a step for each call, with their states in the session; or along a sequence.
#include "models/recurrent.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr models::lstm_step<1, 1, 40> lstm40{};
constexpr models::lstm_sequence<48000, 40> lstm40_sequence{};
constexpr models::lstm_step<1, 1, 16> lstm16{};
constexpr models::gru_step<1, 9> gru9{};
constexpr models::lstm_step<16, 1, 16> lstm16_voices{};
constexpr models::gru_step<16, 9> gru9_voices{};
constexpr models::two_grus two_grus{};
constexpr models::actuator actuator{};

}  // namespace

std::vector<workload> recurrent_workloads() {
  return {workload_of<lstm40>("w5_lstm_step", 1),
          workload_of<lstm40_sequence>("w5_lstm_seq", 1),
          workload_of<two_grus>("w6_gru_step", 1),
          workload_of<gru9>("gru9", 1),
          workload_of<lstm16>("lstm16", 1),
          workload_of<actuator>("actuator", 12),
          also_instances<gru9_voices, gru9, 16>("gru9_x16"),
          also_instances<lstm16_voices, lstm16, 16>("lstm16_x16")};
}

}  // namespace bench
