#include "../examples/nets/text.hpp"

#include <etch/eager/executor.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "net_case.hpp"

// The transformer of examples/text, in blocks and letter by letter, against PyTorch's logits.

namespace {

using namespace etch;
using namespace etch_test;

std::string const weights_file = own_file("examples/text/text.safetensors");
std::string const golden_file = own_file("examples/text/golden.safetensors");

/// Of a session, whose cache may be full, and of the eager executor.
template <class View>
View view_in(result<View> const& y) {
  return y.value();
}
template <class Values>
Values view_in(Values const& y) {
  return y;
}

template <int Rows>
std::vector<float> logits_of(auto& run, std::vector<std::int32_t> const& letters) {
  std::vector<float> found;
  for (std::size_t at = 0; at < letters.size(); at += Rows) {
    auto const y = view_in(run(input<tensor<std::int32_t, Rows>>::at(letters.data() + at)));
    found.insert(found.end(), y.begin(), y.end());
  }
  return found;
}

std::vector<std::int32_t> golden_letters() {
  auto const file = safetensors::open(golden_file).value_or_throw();
  auto const letters = file.find("letters")->values<std::int32_t>().value_or_throw();
  return {letters.begin(), letters.end()};
}

}  // namespace

TEST_CASE("the text net gives PyTorch's logits, and the same bits in blocks of any size",
          "[nets][text]") {
  auto const letters = golden_letters();
  REQUIRE(letters.size() == 128);
  net_case const net{"text", weights_file, {}, floats_of(golden_file, "logits"), 128, 1e-4};
  REQUIRE(net.outputs.size() == letters.size() * nets::text::letters);
  auto const set = std::string(to_string(compiled_isa));

  using Block = model<nets::text_net<32>>;
  session<Block> block{load<Block>(weights_file)};
  auto const found = logits_of<32>(block, letters);
  check_outputs(net, "session " + set, found);
  check_bits(net.name, hash_of(found));

  using Letter = model<nets::text_net<1>>;
  session<Letter> letter{load<Letter>(weights_file)};
  CHECK(hash_of(logits_of<1>(letter, letters)) == hash_of(found));

  eager::executor<Block> slow{weights_file};
  check_outputs(net, "eager", logits_of<32>(slow, letters));
}
