// An operator of one's own, in a file of one's own: it is inferred, printed, fused and vectorised
// like those of etch.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>

#include <etch/etch.hpp>
#include <etch/runtime/explain.hpp>

namespace mine {

/// x + sin^2(a x) / a for one element (float) and for a register full of them (a pack).
struct snake : etch::ops::costs<5> {
  static constexpr etch::ir::op_key key{"snake"};
  static constexpr etch::ir::traits is{.elementwise = true, .floating = true};
  struct attrs {
    double a = 1;
  };

  template <class V>
  static ETCH_INLINE constexpr V eval(V x, attrs const& with) {
    using etch::math::sin;  // packs bring their own
    V const s = sin(etch::ops::number<V>(with.a) * x);
    return x + s * s * etch::ops::number<V>(1 / with.a);
  }
};

}  // namespace mine

template <>
struct etch::op_for<mine::snake::key> : std::type_identity<mine::snake> {};

namespace mine {

/// snake(x, a): x + sin^2(a x) / a: periodic and yet growing.
/// shape     that of x
/// dtype     float, double
/// numerics  at most 6 ulp of the larger term
/// errors    integers or bool
/// source    Ziyin, Hartwig, Ueda 2020, "Neural networks fail to learn periodic functions"
template <etch::ops::tensor_operand X>
constexpr auto snake_of(X const& x, double a) {
  return etch::ops::elementwise<snake>({a}, x);
}

}  // namespace mine

inline constexpr auto net = [](etch::tensor<float, 4, 3> x) {
  return mine::snake_of(etch::linear<64>("fc0", x), 0.5);
};
using Net = etch::model<net>;

// The operator has no step of its own: it runs on the sums of the linear layer in registers.
static_assert(Net::cost().steps == 1 && Net::cost().steps_in_loops == 0);

int main() try {
  etch::print<Net>();

  // Any weights of that shape will do: the first layer of the distance field.
  auto const file =
      etch::safetensors::open(ETCH_SOURCE_DIR "/examples/sdf/sdf.safetensors").value_or_throw();
  etch::load_options others_may_be_there;
  others_may_be_there.policy.extra = etch::extra_tensors::ignore;
  etch::session<Net> run{etch::weights<Net>::from(file, others_may_be_there).value_or_throw()};
  std::array<float, 12> const x{0.1f, -0.2f, 0.3f,  0.5f, 0.7f, -1.1f,
                                0.0f, 0.9f,  -0.4f, 1.0f, 0.6f, 0.2f};
  auto const y = run(x);

  // The formula once more, in double.
  auto const weight = file.find("fc0.weight")->values<float>().value_or_throw();
  auto const bias = file.find("fc0.bias")->values<float>().value_or_throw();
  double worst = 0;
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t unit = 0; unit < 64; ++unit) {
      double sum = static_cast<double>(bias[unit]);
      for (std::size_t k = 0; k < 3; ++k)
        sum += static_cast<double>(x[3 * row + k]) * static_cast<double>(weight[3 * unit + k]);
      double const s = std::sin(0.5 * sum);
      double const expected = sum + s * s / 0.5;
      double const error = std::abs(static_cast<double>(y(row, unit)) - expected);
      worst = error <= worst ? worst : error;
    }
  }
  std::printf("largest error against the formula: %.2g\n", worst);
  return worst < 1e-5 ? 0 : 1;
} catch (std::exception const& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
