#include "../examples/nets/ad_autoencoder.hpp"
#include "net_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

constexpr int windows = 196;
using one_window = model<nets::ad_autoencoder<1>>;
using all_windows = model<nets::ad_autoencoder<windows>>;

double anomaly_score(std::vector<float> const& x, std::vector<float> const& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double const d = static_cast<double>(x[i]) - static_cast<double>(y[i]);
    sum += d * d;
  }
  return sum / static_cast<double>(x.size());
}

}  // namespace

TEST_CASE("the autoencoder of MLPerf Tiny gives ONNX Runtime's outputs", "[nets][ad_autoencoder]") {
  auto const folder = shared_net("mlperf_tiny_ad_autoencoder");
  if (!folder) return;
  check_session<one_window, all_windows>(shared_case("ad_autoencoder", *folder, windows, 3e-4));
}

TEST_CASE("the anomaly score of a sound file is the published one", "[nets][ad_autoencoder]") {
  auto const folder = shared_net("mlperf_tiny_ad_autoencoder");
  if (!folder) return;
  auto const net = shared_case("ad_autoencoder", *folder, windows, 3e-4);
  session<all_windows> run{load<all_windows>(net.weights)};
  auto const outputs = run_rows<all_windows>(run, net, whole_result);
  constexpr double published = 9.491290419806504;  // anomaly_score_ToyCar_id_01.csv
  double const score = anomaly_score(net.inputs, outputs);
  report("anomaly score", "session", std::fabs(score - published), 1e-5, outputs);
  CHECK(std::fabs(score - published) <= 1e-5);
}
