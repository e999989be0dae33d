#include "models/gravity_wave.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr models::gravity_wave<64> net{};

}  // namespace

std::vector<workload> gravity_wave_workloads() { return {workload_of<net>("gravity_wave", 64)}; }

}  // namespace bench
