// The four nets of MLPerf Tiny.
#include "models/tiny.hpp"
#include "families.hpp"

namespace bench {
namespace {

constexpr models::resnet8 resnet8{};
constexpr models::ds_cnn ds_cnn{};
constexpr models::mobilenet025 mobilenet025{};
constexpr models::fc_autoencoder fc_autoencoder{};

}  // namespace

std::vector<workload> tiny_workloads() {
  return {also_fast<resnet8>("w8_resnet8", 1), workload_of<ds_cnn>("w8_dscnn", 1),
          workload_of<mobilenet025>("w8_mobilenet025", 1),
          workload_of<fc_autoencoder>("w8_fcae", 1)};
}

}  // namespace bench
