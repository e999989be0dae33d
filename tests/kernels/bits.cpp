#include <etch/kernels/depthwise.hpp>
#include <etch/kernels/layer_norm.hpp>
#include <etch/kernels/matmul.hpp>
#include <etch/kernels/pool2d.hpp>
#include <etch/kernels/reduce.hpp>
#include <etch/kernels/softmax.hpp>

#include "kernels/conv2d_case.hpp"
#include "kernels/gemm_case.hpp"

// One golden hash per kernel, the same for every compiler and every instruction set that has fma,
// and another for those without. They were printed by this test (a failed CHECK shows the new
// hash), built by g++ 12.2 and clang++ 14 for sse4_2, avx2 and avx512.

using namespace kernel_test;
using namespace etch::kernels;

namespace {

constexpr bool fused = etch::compiled_isa == etch::isa::avx2 ||
                       etch::compiled_isa == etch::isa::avx512 ||
                       etch::compiled_isa == etch::isa::neon64;

struct golden {
  std::uint64_t with_fma, without;

  std::uint64_t here() const { return fused ? with_fma : without; }
};

template <class T, reduce_shape S>
std::uint64_t hash_of_reduce() {
  block<T> const x = random_block<T>(S.outer * S.reduced * S.inner, 5);
  recorder<T> y(S.outer, S.inner);
  reduce<T, S>(x.data(), y.in());
  return hash(y.values);
}

template <class T, softmax_shape S>
std::uint64_t hash_of_softmax() {
  block<T> const x = random_block<T>(S.rows * S.n, 5);
  block<T> kept(S.rows * S.n);
  recorder<T> y(S.rows, S.n);
  softmax<T, S>(x.data(), kept.data(), y.in());
  return hash(y.values);
}

template <class T, layer_norm_shape S>
std::uint64_t hash_of_layer_norm() {
  block<T> const x = random_block<T>(S.rows * S.n, 5);
  block<T> const gamma = random_block<T>(S.n, 6), beta = random_block<T>(S.n, 7);
  recorder<T> y(S.rows, S.n);
  layer_norm<T, S>(x.data(), gamma.data(), beta.data(), T(1) / T(4096), y.in());
  return hash(y.values);
}

template <class T, gemm_shape S>
std::uint64_t hash_of_gemm() {
  return hash(run_gemm<T, S>(product_operands<T>(S.m, S.n, S.k, S.lda)).values);
}

}  // namespace

TEST_CASE("gemm has the same bits everywhere", "[kernels][bits]") {
  CHECK(hash_of_gemm<float, gemm_of<float>(37, 50, 90)>() ==
        golden{0x5ed5d8c0f061b368u, 0xb3a5426f8a84809eu}.here());
  CHECK(hash_of_gemm<float, gemm_of<float>(1, 200, 90)>() ==
        golden{0xdc32b5a61d69a731u, 0x5a715022b421303bu}.here());
  CHECK(hash_of_gemm<double, gemm_of<double>(10, 30, 90)>() ==
        golden{0x727fab9ed4e53a9au, 0xc67b7a92c0c1f6b3u}.here());
}

TEST_CASE("conv2d has the same bits everywhere", "[kernels][bits]") {
  CHECK(hash(conv2d_case<float, conv_of(1, 12, 10, 7, 24, 3, 1, 1, 1)>{}.run().values) ==
        golden{0x1365c5ec62e73553u, 0xe9f2b8588e7b4818u}.here());
  CHECK(hash(conv2d_case<double, conv_of(1, 8, 9, 3, 5, 3, 2, 1, 1)>{}.run().values) ==
        golden{0xbbb0dd5d84cc2878u, 0x9f5a0e4a04518d09u}.here());
}

TEST_CASE("depthwise has the same bits everywhere", "[kernels][bits]") {
  constexpr depthwise_shape s{1, 7, 20, 21, 7, 20, 3, 3, 1, 1, 1, 1, 1, 1, true};
  block<float> const in = random_block<float>(7 * 20 * 21, 5);
  block<float> const w = random_block<float>(9 * 32, 6), bias = random_block<float>(32, 7);
  recorder<float> y(7 * 20, 21);
  depthwise<float, s>(in.data(), w.data(), bias.data(), y.in());
  CHECK(hash(y.values) == golden{0xd41f010b45a2bb12u, 0xcc14836e73420bcu}.here());
}

TEST_CASE("pool2d has the same bits everywhere", "[kernels][bits]") {
  block<float> const in = random_block<float>(9 * 17 * 19, 5);
  recorder<float> all(1, 19), windows(9 * 17, 19);
  pool2d<float, global_pool(pool_op::average, 1, 9, 17, 19)>(in.data(), all.in());
  pool2d<float, pool2d_shape{pool_op::average, 1, 9, 17, 19, 9, 17, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1,
                             false}>(in.data(), windows.in());
  CHECK(hash(all.values) == golden{0x4860d8d9fcba68a9u, 0x4860d8d9fcba68a9u}.here());
  CHECK(hash(windows.values) == golden{0xf91bc3ae42fbf9f0u, 0xf91bc3ae42fbf9f0u}.here());
}

TEST_CASE("reduce has the same bits everywhere", "[kernels][bits]") {
  CHECK(hash_of_reduce<float, reduce_shape{3, 777, 1, reduce_op::sum}>() ==
        golden{0xf699fa64f8021efcu, 0xf699fa64f8021efcu}.here());
  CHECK(hash_of_reduce<float, reduce_shape{3, 45, 21, reduce_op::mean}>() ==
        golden{0xf40bf5efed8c26c8u, 0xf40bf5efed8c26c8u}.here());
  CHECK(hash_of_reduce<double, reduce_shape{3, 77, 1, reduce_op::mean}>() ==
        golden{0x606ce2d7b370ca67u, 0x606ce2d7b370ca67u}.here());
}

TEST_CASE("softmax has the same bits everywhere", "[kernels][bits]") {
  CHECK(hash_of_softmax<float, softmax_shape{3, 77, false}>() ==
        golden{0x586499be4ccb66ecu, 0x98ae2bacd1fe2ce5u}.here());
  CHECK(hash_of_softmax<float, softmax_shape{3, 10, true}>() ==
        golden{0xe6bbc62c1220bff6u, 0xe6bbc62c1220bff6u}.here());
  CHECK(hash_of_softmax<double, softmax_shape{2, 21, false}>() ==
        golden{0x2e1e7b8a2bc18dbau, 0x42bf5116f7349b4fu}.here());
}

TEST_CASE("layer_norm has the same bits everywhere", "[kernels][bits]") {
  CHECK(hash_of_layer_norm<float, layer_norm_shape{3, 77, false, true, true}>() ==
        golden{0x5998518e801a7ab1u, 0x25e71c7ab4f91e24u}.here());
  CHECK(hash_of_layer_norm<double, layer_norm_shape{3, 30, true, true, false}>() ==
        golden{0xa162d2caefe0519du, 0xce93f69022ba0587u}.here());
}
