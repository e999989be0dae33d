// One program for all processors: the instruction set is picked when the weights are loaded, here
// by the processor or by the environment variable ETCH_ISA. Built with the flags of the base line.
// Usage: example_dispatch [FOLDER OF THE WEIGHTS]
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "dispatch/digits_model.hpp"
#include "support/samples.hpp"
#include "support/text_art.hpp"

namespace {

/// FNV-1a over the bits of the numbers: two programs that print one value computed the same bits.
struct bit_hash {
  std::uint64_t value = 0xcbf29ce484222325u;

  void operator()(float number) {
    unsigned char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    for (unsigned char byte : bytes) value = (value ^ byte) * 0x100000001b3u;
  }
};

}  // namespace

int main(int count, char** arguments) try {
  std::string const folder = count > 1 ? arguments[1] : ETCH_SOURCE_DIR "/examples/digits";
  auto const weights = etch::load<Digits>(folder + "/digits.safetensors");
  std::printf("instruction set: %s\n", std::string(to_string(weights.set())).c_str());

  etch::session<Digits> run{weights};
  support::samples const samples(folder + "/samples.safetensors");
  bit_hash hash;
  int right = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto const p = run(samples.image(i));
    auto const answer = support::best_of(p);
    std::printf("%d read as %d, %.1f %% sure\n", static_cast<int>(samples.label(i)),
                static_cast<int>(answer),
                100.0 * static_cast<double>(p[static_cast<std::size_t>(answer)]));
    for (float each : p) hash(each);
    right += answer == samples.label(i);
  }
  std::printf("%d of %zu right\nbits of all probabilities: %016llx\n", right, samples.size(),
              static_cast<unsigned long long>(hash.value));
} catch (std::exception const& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
