#include "kernels.hpp"

namespace bench {
namespace {

using vector = etch::tensor<float, math_elements>;

constexpr auto exp = [](vector x) { return etch::exp(x); };
constexpr auto log = [](vector x) { return etch::log(1.5 + x); };
constexpr auto sqrt = [](vector x) { return etch::sqrt(1.5 + x); };
constexpr auto rsqrt = [](vector x) { return etch::rsqrt(1.5 + x); };
constexpr auto pow = [](vector x) { return etch::pow(1.5 + x, x); };
constexpr auto sin = [](vector x) { return etch::sin(x); };
constexpr auto cos = [](vector x) { return etch::cos(x); };
constexpr auto tanh = [](vector x) { return etch::tanh(x); };
constexpr auto sigmoid = [](vector x) { return etch::sigmoid(x); };
constexpr auto erf = [](vector x) { return etch::erf(x); };
constexpr auto gelu = [](vector x) { return etch::gelu(x); };
constexpr auto silu = [](vector x) { return etch::silu(x); };
constexpr auto elu = [](vector x) { return etch::elu(x); };
constexpr auto relu = [](vector x) { return etch::relu(x); };

}  // namespace

std::vector<workload> math_kernels() {
  return {workload_of<exp>("exp", 1),
          workload_of<log>("log(1.5 + x)", 1),
          workload_of<sqrt>("sqrt(1.5 + x)", 1),
          workload_of<rsqrt>("rsqrt(1.5 + x)", 1),
          workload_of<pow>("pow(1.5 + x, x)", 1),
          workload_of<sin>("sin", 1),
          workload_of<cos>("cos", 1),
          workload_of<tanh>("tanh", 1),
          workload_of<sigmoid>("sigmoid", 1),
          workload_of<erf>("erf", 1),
          workload_of<gelu>("gelu", 1),
          workload_of<silu>("silu", 1),
          workload_of<elu>("elu", 1),
          workload_of<relu>("relu", 1)};
}

}  // namespace bench
