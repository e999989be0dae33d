// The same nets as written, operator by operator: the oracle and base line.

#include <etch/eager/executor.hpp>

#include "../examples/nets/ad_autoencoder.hpp"
#include "../examples/nets/digits.hpp"
#include "../examples/nets/hello_sine.hpp"
#include "../examples/nets/resnet8.hpp"
#include "../examples/nets/rtneural.hpp"
#include "../examples/nets/sdf.hpp"
#include "net_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

constexpr auto probabilities = [](auto const& result) -> auto const& { return result["y"_t]; };

/// Both arithmetics, as one batch: rows stand alone, as tests/nets/*.cpp show.
template <class Batch, class Pick = decltype(whole_result)>
void check_eager(net_case const& net, Pick const& pick = whole_result) {
  auto const set = std::string(to_string(compiled_isa));
  eager::executor<Batch> fast{net.weights};
  check_outputs(net, "eager " + set, run_rows<Batch>(fast, net, pick));
  eager::executor<Batch> exact{net.weights, eager::arithmetic::reference};
  check_outputs(net, "references " + set, run_rows<Batch>(exact, net, pick));
}

}  // namespace

TEST_CASE("nets beside the repository, run eagerly, give the outputs of their sources",
          "[nets][eager]") {
  if (auto const folder = shared_net("mlperf_tiny_ic_resnet8")) {
    check_eager<model<nets::resnet8<1>>>(shared_case("resnet8", *folder, 6, 2e-5), probabilities);
    check_eager<model<nets::resnet8_nchw<1>>>(
        shared_case("resnet8 oihw", *folder, 6, 2e-5, "model_oihw.safetensors"), probabilities);
  }
  if (auto const folder = shared_net("mlperf_tiny_ad_autoencoder"))
    check_eager<model<nets::ad_autoencoder<196>>>(
        shared_case("ad_autoencoder", *folder, 196, 3e-4));
  if (auto const folder = shared_net("tflm_hello_world_sine"))
    check_eager<model<nets::hello_sine<101>>>(shared_case("hello_sine", *folder, 101, 2e-6));
  if (auto const folder = shared_net("rtneural_dense"))
    check_eager<model<nets::rtneural_dense<100>>>(
        shared_case("rtneural_dense", *folder, 100, 5e-6));
  if (auto const folder = shared_net("rtneural_conv2d"))
    check_eager<model<nets::rtneural_conv2d<1>>>(shared_case("rtneural_conv2d", *folder, 1, 5e-6));
}

TEST_CASE("the repository's own nets, run eagerly, give their golden outputs", "[nets][eager]") {
  std::string const samples = own_file("examples/digits/samples.safetensors");
  check_eager<model<nets::digits<20>>>({"digits", own_file("examples/digits/digits.safetensors"),
                                        floats_of(samples, "images"),
                                        floats_of(samples, "probabilities"), 20, 2e-6});
  std::string const golden = own_file("examples/sdf/golden.safetensors");
  check_eager<model<nets::sdf<256>>>({"sdf", own_file("examples/sdf/sdf.safetensors"),
                                      floats_of(golden, "points"), floats_of(golden, "distance"),
                                      256, 2e-6});
}
