// An operator of one's own, in a file of one's own: it is inferred, printed, fused and vectorised
// like those of etch.
#include <cmath>
#include <cstdio>
#include <vector>

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

inline constexpr auto net = [](etch::tensor<float, 4, 8> x) {
  auto h = mine::snake_of(etch::linear<32>("hidden", x), 0.5);
  return etch::linear<2>("out", h);
};
using Net = etch::model<net>;

// One step each: the operator has no step of its own, it runs on the sums of the first one.
static_assert(Net::cost().steps == 2 && Net::cost().steps_in_loops == 0);

int main() { etch::print<Net>(); }
