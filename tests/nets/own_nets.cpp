#include "../examples/nets/digits.hpp"
#include "../examples/nets/sdf.hpp"
#include "net_case.hpp"

namespace {

using namespace etch;
using namespace etch_test;

using digit = model<nets::digits<1>>;
using all_digits = model<nets::digits<20>>;
using point = model<nets::sdf<1>>;
using all_points = model<nets::sdf<256>>;

}  // namespace

// PyTorch computed the probabilities in float; float64 differs from them by up to 3.4e-7.
TEST_CASE("the digits net gives PyTorch's probabilities", "[nets][digits]") {
  std::string const samples = own_file("examples/digits/samples.safetensors");
  check_session<digit, all_digits>({"digits", own_file("examples/digits/digits.safetensors"),
                                    floats_of(samples, "images"),
                                    floats_of(samples, "probabilities"), 20, 2e-6});
}

TEST_CASE("the digits net recognises its samples", "[nets][digits]") {
  auto const file =
      safetensors::open(own_file("examples/digits/samples.safetensors")).value_or_throw();
  auto const images = file.find("images")->values<float>().value_or_throw();
  auto const labels = file.find("labels")->values<std::int64_t>().value_or_throw();
  session<digit> run{load<digit>(own_file("examples/digits/digits.safetensors"))};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    auto const p = run(input_of<digit>::at(images.data() + 784 * i));
    CHECK(std::max_element(p.begin(), p.end()) - p.begin() == labels[i]);
  }
}

// The golden distances were computed in float64 from the stored weights, then rounded.
TEST_CASE("the distance field gives the golden distances", "[nets][sdf]") {
  std::string const golden = own_file("examples/sdf/golden.safetensors");
  check_session<point, all_points>({"sdf", own_file("examples/sdf/sdf.safetensors"),
                                    floats_of(golden, "points"), floats_of(golden, "distance"), 256,
                                    2e-6});
}
