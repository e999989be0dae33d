// An encoder of 12 layers, 768 wide: the size of BERT base, on 128 positions.
#include "../suite/models/encoder.hpp"

inline constexpr bench::models::encoder<bench::models::encoder_size{
    .layers = 12, .width = 768, .heads = 12, .hidden = 3072, .positions = 128}>
    net{};
using transformer12 = etch::model<net>;

float run(etch::weights<transformer12> const& of, float const (&states)[128 * 768]) {
  etch::session<transformer12> run_transformer12(of);
  return run_transformer12(states)[0];
}
