#include "../examples/nets/nam_wavenet.hpp"
#include "../examples/nets/rtneural_streaming.hpp"

#include <etch/eager/executor.hpp>

#include "net_case.hpp"

// Streaming nets in blocks of several sizes: the known answers, and the same bits for all sizes.

namespace {

using namespace etch;
using namespace etch_test;

/// [channels][length] -> [length][channels]
std::vector<float> transposed(std::vector<float> const& x, std::size_t channels) {
  std::size_t const length = x.size() / channels;
  std::vector<float> y(x.size());
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t t = 0; t < length; ++t) y[t * channels + c] = x[c * length + t];
  return y;
}

/// A signal's case: inputs and outputs in time order, and how many first rows of the stream have no
/// counterpart among the outputs.
struct signal_case {
  net_case net;
  std::size_t in = 1, out = 1;  ///< numbers of a row
  std::size_t skipped = 0;      ///< rows of the stream's output
  std::size_t prewarm = 0;
};

signal_case torch_case(std::string const& name, std::string const& folder, std::size_t in,
                       std::size_t out, std::size_t skipped, double tolerance) {
  signal_case made{shared_case(name, folder, 1, tolerance), in, out, skipped};
  made.net.inputs = transposed(made.net.inputs, in);
  made.net.outputs = transposed(made.net.outputs, out);
  return made;
}

template <class Model>
std::vector<float> run_blocks(stream<Model>& run, signal_case const& of, std::size_t block) {
  run.reset();
  run.prewarm(of.prewarm);
  std::vector<float> y;
  std::size_t const rows = of.net.inputs.size() / of.in;
  for (std::size_t at = 0; at < rows;) {
    std::size_t now = std::min(block, rows - at);
    now -= now % static_cast<std::size_t>(Model::granule);
    if (now == 0) break;
    auto const part = run(std::span<float const>(of.net.inputs.data() + at * of.in, now * of.in));
    REQUIRE(part);
    y.insert(y.end(), part->begin(), part->end());
    at += now;
  }
  y.erase(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(of.skipped * of.out));
  REQUIRE(y.size() >= of.net.outputs.size());
  y.resize(of.net.outputs.size());  // a transpose goes on for longer
  return y;
}

template <class Model>
void check_stream(signal_case const& of) {
  stream<Model> run{load<Model>(of.net.weights)};
  auto const set = std::string(to_string(compiled_isa));
  auto const found = run_blocks(run, of, 64);
  check_outputs(of.net, "stream " + set, found);
  check_bits(of.net.name, hash_of(found));
  constexpr auto granule = static_cast<std::size_t>(Model::granule);
  for (std::size_t block : {1u, 16u, 37u, 512u}) {
    block = (block + granule - 1) / granule * granule;
    CAPTURE(of.net.name, block);
    CHECK(hash_of(run_blocks(run, of, block)) == hash_of(found));
  }
}

}  // namespace

TEST_CASE("WaveNets of Neural Amp Modeler give its outputs in blocks of any size",
          "[nets][nam][streaming]") {
  auto const check = []<class Model>(std::type_identity<Model>, std::string const& name,
                                     std::size_t reach, double tolerance) {
    REQUIRE(Model::receptive_field() == reach);
    auto const folder = shared_net(name);
    if (!folder) return;
    check_stream<Model>({shared_case(name, *folder, 1, tolerance), 1, 1, 0, reach});
  };
  check(std::type_identity<streaming<nets::nam_wavenet_tiny, 512>>{}, "nam_wavenet_tiny", 23, 1e-5);
  check(std::type_identity<streaming<nets::nam_wavenet_standard, 512>>{}, "nam_wavenet_standard",
        4093, 2e-5);
}

TEST_CASE("RTNeural's convolutions of signals give their outputs in blocks of any size",
          "[nets][rtneural][streaming]") {
  auto const folder = [](char const* name) { return shared_net(name); };
  if (auto const in = folder("rtneural_conv1d"))
    check_stream<streaming<nets::rtneural_conv1d, 512>>(
        {shared_case("rtneural_conv1d", *in, 1, 2e-6)});
  if (auto const in = folder("rtneural_microtcn"))
    check_stream<streaming<nets::rtneural_microtcn, 512>>(
        torch_case("rtneural_microtcn", *in, 1, 32, 30, 1e-6));
  if (auto const in = folder("rtneural_conv1d_torch"))
    check_stream<streaming<nets::rtneural_conv1d_torch<12, 1, signal_conv{.kernel = 5}>, 512>>(
        torch_case("rtneural_conv1d_torch", *in, 1, 12, 4, 1e-6));
  if (auto const in = folder("rtneural_conv1d_torch_group_6_3_3_1_3"))
    check_stream<
        streaming<nets::rtneural_conv1d_torch<3, 6, signal_conv{.kernel = 3, .groups = 3}>, 512>>(
        torch_case("rtneural_conv1d_torch_group_6_3_3_1_3", *in, 6, 3, 2, 1e-6));
  if (auto const in = folder("rtneural_conv1d_torch_group_6_3_4_10_3"))
    check_stream<streaming<
        nets::rtneural_conv1d_torch<3, 6, signal_conv{.kernel = 4, .dilation = 10, .groups = 3}>,
        512>>(torch_case("rtneural_conv1d_torch_group_6_3_4_10_3", *in, 6, 3, 30, 1e-6));
  if (auto const in = folder("rtneural_conv1d_torch_group_6_6_1_1_6"))
    check_stream<
        streaming<nets::rtneural_conv1d_torch<6, 6, signal_conv{.kernel = 1, .groups = 6}>, 512>>(
        torch_case("rtneural_conv1d_torch_group_6_6_1_1_6", *in, 6, 6, 0, 1e-6));
}

TEST_CASE("four convolutions without padding are the stream behind its first rows",
          "[nets][rtneural][streaming]") {
  auto const in = shared_net("rtneural_conv_stateless");
  if (!in) return;
  check_stream<streaming<nets::rtneural_conv_stateless, 512>>(
      {shared_case("rtneural_conv_stateless", *in, 1, 1e-5), 1, 1, 112});
}

TEST_CASE("a transposed convolution of a signal puts out a stride of rows for each row",
          "[nets][rtneural][streaming]") {
  auto const in = shared_net("rtneural_convtranspose1d_torch");
  if (!in) return;
  check_stream<streaming<nets::rtneural_convtranspose1d_torch, 512>>(
      torch_case("rtneural_convtranspose1d_torch", *in, 4, 15, 3, 1e-6));
}

TEST_CASE("a strided convolution of a signal puts out a row for each stride",
          "[nets][rtneural][streaming]") {
  auto const in = shared_net("rtneural_conv1d_torch_stride3");
  if (!in) return;
  // the stream's windows end at rows 0, 3, ...; the first of the net ends at row 4
  auto net = torch_case("rtneural_conv1d_torch_stride3", *in, 1, 12, 2, 1e-6);
  net.net.inputs.insert(net.net.inputs.begin(), 2, 0.0f);
  check_stream<streaming<nets::rtneural_conv1d_torch<12, 1, signal_conv{.kernel = 5, .stride = 3}>,
                         768, options{}, 3>>(net);
}
