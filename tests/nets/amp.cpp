#include "../examples/nets/amp.hpp"

#include <etch/eager/executor.hpp>

#include <string>

#include "net_case.hpp"

// The amplifier of examples/amp, sample by sample, against what PyTorch made of the whole signal.

TEST_CASE("the amplifier gives PyTorch's samples", "[nets][amp]") {
  using namespace etch;
  using namespace etch_test;
  using Amp = model<nets::amp>;
  std::string const golden = own_file("examples/amp/golden.safetensors");
  net_case const net{"amp",
                     own_file("examples/amp/amp.safetensors"),
                     floats_of(golden, "input"),
                     floats_of(golden, "output"),
                     4000,
                     2e-5};
  REQUIRE(net.inputs.size() == net.rows);

  session<Amp> run{load<Amp>(net.weights)};
  auto const found = run_rows<Amp>(run, net, whole_result);
  check_outputs(net, "session " + std::string(to_string(compiled_isa)), found);
  check_bits(net.name, hash_of(found));

  eager::executor<Amp> slow{net.weights};
  check_outputs(net, "eager", run_rows<Amp>(slow, net, whole_result));
}
