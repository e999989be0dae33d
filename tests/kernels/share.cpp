// A step in parts: every part of the result is made once, with the bits of the whole.
#include <etch/kernels/depthwise.hpp>
#include <etch/kernels/layer_norm.hpp>
#include <etch/kernels/leading_conv2d.hpp>
#include <etch/kernels/matmul.hpp>
#include <etch/kernels/pool2d.hpp>
#include <etch/kernels/reduce.hpp>
#include <etch/kernels/share.hpp>
#include <etch/kernels/softmax.hpp>
#include <etch/kernels/strided_copy.hpp>
#include <etch/kernels/tile_blocks.hpp>

#include "kernels/conv2d_case.hpp"
#include "kernels/gemm_case.hpp"

using namespace kernel_test;
using etch::kernels::share;
using etch::kernels::whole;

namespace {

/// Whether run(sink, share) makes the same rows x cols in 1 to 7 parts as at once.
template <class Run>
bool parts_make_the_whole(long rows, long cols, Run const& run) {
  recorder<float> at_once(rows, cols);
  run(at_once.in(), whole{});
  if (!at_once.complete()) return false;
  for (int parts : {1, 2, 3, 7}) {
    recorder<float> shared(rows, cols);
    for (int part = parts; part-- > 0;) run(shared.in(), share{part, parts});
    if (!shared.complete() || !same_bits(shared.values.data(), at_once.values.data(), rows * cols))
      return false;
  }
  return true;
}

template <long M, long N, long K>
bool gemm_shares() {
  constexpr auto shape = gemm_of<float>(M, N, K);
  product_operands<float> const x(M, N, K, K);
  block<float> const packed = packed_panels(x.b, N, K), bias = packed_bias(x.bias);
  return parts_make_the_whole(M, N, [&](auto sink, auto part) {
    etch::kernels::gemm<float, shape>(x.a.data(), packed.data(), bias.data(), sink, part);
  });
}

template <long M, long N, long K>
bool matmul_shares() {
  constexpr etch::kernels::matmul_shape shape{M, N, K, K, N, 2, false};
  product_operands<float> const x(M, N, K, K);
  return parts_make_the_whole(M, N, [&](auto sink, auto part) {
    etch::kernels::matmul<float, shape>(x.a.data(), x.b.data(), nullptr, sink, part);
  });
}

template <etch::kernels::conv2d_shape S>
bool conv2d_shares() {
  conv2d_case<float, S> const of;
  block<float> packed(etch::kernels::packed_conv2d_size<float>(of.weight), 0);
  etch::kernels::pack_conv2d(of.w.data(), of.weight, etch::kernels::conv_order::oihw,
                             packed.data());
  block<float> const bias = packed_bias(of.bias, S.groups);
  return parts_make_the_whole(S.batch * S.oh * S.ow, S.o, [&](auto sink, auto part) {
    etch::kernels::conv2d<float, S>(of.in.data(), packed.data(), bias.data(), sink, part);
  });
}

/// Whether 1 to 7 parts of a copy write each element of its result once, as the whole does. What a
/// part writes is what no longer depends on what was there.
template <class T, etch::kernels::copy_shape S>
bool copy_shares() {
  long reach = 1, in_reach = 1;
  for (int i = 0; i < S.rank; ++i) {
    reach += (S.extents[i] - 1) * S.out_strides[i];
    in_reach += (S.extents[i] - 1) * S.in_strides[i];
  }
  block<T> in(in_reach);
  generator g(73);
  for (T& v : in) v = static_cast<T>(g.bits());
  auto const written_by = [&](auto part, block<T>& out) {
    block<T> ones(reach), zeros(reach);
    for (T& v : ones) v = static_cast<T>(-1);
    for (T& v : zeros) v = 0;
    etch::kernels::strided_copy<S, sizeof(T)>(in.data(), ones.data(), part);
    etch::kernels::strided_copy<S, sizeof(T)>(in.data(), zeros.data(), part);
    std::vector<int> written(static_cast<std::size_t>(reach));
    for (long i = 0; i < reach; ++i) {
      if (ones[i] != zeros[i]) continue;
      written[static_cast<std::size_t>(i)] = 1;
      out[i] = ones[i];
    }
    return written;
  };
  block<T> at_once(reach), shared(reach);
  for (long i = 0; i < reach; ++i) at_once[i] = shared[i] = 0;
  auto const all = written_by(whole{}, at_once);
  for (int parts : {1, 2, 3, 7}) {
    std::vector<int> times(all.size());
    for (int part = parts; part-- > 0;) {
      auto const some = written_by(share{part, parts}, shared);
      for (std::size_t i = 0; i < times.size(); ++i) times[i] += some[i];
    }
    if (times != all || !same_bits(shared.data(), at_once.data(), reach)) return false;
  }
  return true;
}

/// Whether bands of 1 to 7 rows make the same image as at once.
template <etch::kernels::conv2d_shape S>
bool conv2d_in_bands() {
  conv2d_case<float, S> const of;
  block<float> packed(etch::kernels::packed_conv2d_size<float>(of.weight), 0);
  etch::kernels::pack_conv2d(of.w.data(), of.weight, etch::kernels::conv_order::oihw,
                             packed.data());
  block<float> const bias = packed_bias(of.bias, S.groups);
  recorder<float> const at_once = of.run();
  for (long height : {1, 2, 3, 7}) {
    recorder<float> banded(S.oh * S.ow, S.o);
    for (long row = 0; row < S.oh; row += height) {
      etch::kernels::band const rows{row, row + height < S.oh ? row + height : S.oh, S.oh};
      etch::kernels::conv2d_band<float, S>(of.in.data(), packed.data(), bias.data(), banded.in(),
                                           rows);
    }
    if (!banded.complete() ||
        !same_bits(banded.values.data(), at_once.values.data(), S.oh * S.ow * S.o))
      return false;
  }
  return true;
}

template <etch::kernels::reduce_shape S>
bool reduce_shares() {
  block<float> const x = random_block<float>(S.outer * S.reduced * S.inner, 8);
  return parts_make_the_whole(S.outer, S.inner, [&](auto sink, auto part) {
    etch::kernels::reduce<float, S>(x.data(), sink, part);
  });
}

}  // namespace

TEST_CASE("tiles are counted row by row", "[kernels][share]") {
  for (long columns : {1L, 3L, 8L})
    for (int parts : {1, 2, 3, 7, 64}) {
      std::vector<int> times(static_cast<std::size_t>(5 * columns));
      for (int part = 0; part < parts; ++part)
        for (auto const& each :
             etch::kernels::blocks_of_tiles(share{part, parts}.of(5 * columns), columns))
          for (long row = each.rows.begin; row < each.rows.end; ++row)
            for (long column = each.columns.begin; column < each.columns.end; ++column)
              ++times[static_cast<std::size_t>(row * columns + column)];
      CHECK(times == std::vector<int>(times.size(), 1));
    }
}

TEST_CASE("shares cut a line into pieces without gaps", "[kernels][share]") {
  for (long n : {0L, 1L, 2L, 9L, 100L})
    for (int parts : {1, 2, 3, 7, 64}) {
      long next = 0;
      for (int part = 0; part < parts; ++part) {
        etch::kernels::interval const mine = share{part, parts}.of(n);
        CHECK(mine.begin == next);
        CHECK(mine.end - mine.begin <= n / parts + 1);
        next = mine.end;
      }
      CHECK(next == n);
    }
}

TEST_CASE("products in parts are the product", "[kernels][share]") {
  CHECK(gemm_shares<1, 1000, 17>());   // by panels
  CHECK(gemm_shares<40, 203, 33>());   // by panels, with a tail
  CHECK(gemm_shares<300, 10, 20>());   // by rows
  CHECK(gemm_shares<30, 150, 16>());   // by tiles of rows, a part of one at both ends
  CHECK(gemm_shares<3, 5, 8>());       // fewer tiles than parts
  CHECK(matmul_shares<90, 70, 12>());  // by panels, the last one short
  CHECK(matmul_shares<200, 9, 12>());
}

TEST_CASE("convolutions in parts are the convolution", "[kernels][share]") {
  CHECK(conv2d_shares<conv_of(1, 13, 11, 5, 20, 3, 1, 1, 1)>());   // by rows
  CHECK(conv2d_shares<conv_of(1, 3, 3, 4, 17, 3, 1, 1, 1)>());     // edges mostly
  CHECK(conv2d_shares<conv_of(1, 9, 6, 32, 16, 3, 1, 1, 1)>());    // tiles of whole rows
  CHECK(conv2d_shares<conv_of(2, 6, 6, 8, 32, 3, 2, 1, 1, 2)>());  // by images and groups
  CHECK(conv2d_shares<conv_of(1, 5, 5, 9, 30, 1, 1, 1, 0)>());     // pointwise
  CHECK(conv2d_shares<conv_of(1, 4, 4, 640, 128, 3, 1, 1, 1)>());  // by blocks of panels
}

TEST_CASE("a band has the pieces of its rows", "[kernels][share]") {
  constexpr etch::kernels::band rows{2, 5, 10};
  STATIC_REQUIRE(rows.of(10).begin == 2);
  STATIC_REQUIRE(rows.of(10).end == 5);
  STATIC_REQUIRE(rows.of(70).begin == 14);
  STATIC_REQUIRE(rows.of(70).end == 35);
}

TEST_CASE("convolutions in bands of rows are the convolution", "[kernels][share]") {
  CHECK(conv2d_in_bands<conv_of(1, 13, 11, 5, 20, 3, 1, 1, 1)>());
  CHECK(conv2d_in_bands<conv_of(1, 12, 9, 32, 16, 3, 2, 1, 1)>());  // tiles of whole rows
  CHECK(conv2d_in_bands<conv_of(1, 9, 12, 8, 36, 4, 1, 2, 3, 4)>());
  CHECK(conv2d_in_bands<conv_of(1, 10, 7, 9, 30, 1, 1, 1, 0)>());  // pointwise
  CHECK(conv2d_in_bands<conv_of(1, 10, 7, 9, 30, 1, 2, 1, 0)>());
  CHECK(conv2d_in_bands<conv_of(1, 4, 4, 640, 128, 3, 1, 1, 1)>());  // by blocks of panels
}

TEST_CASE("depthwise convolutions and pools in parts are the whole", "[kernels][share]") {
  constexpr long h = 9, c = 21;
  block<float> const in = random_block<float>(2 * h * h * c, 3);
  block<float> const w = random_block<float>(c * 9, 4), bias = random_block<float>(32, 5);
  block<float> packed(etch::kernels::packed_depthwise_size<float>(c, 3, 3), 0);
  etch::kernels::pack_depthwise(w.data(), c, 3, 3, etch::kernels::conv_order::oihw, packed.data());
  CHECK(parts_make_the_whole(2 * h * h, c, [&](auto sink, auto part) {
    constexpr etch::kernels::depthwise_shape s{2, h, h, c, h, h, 3, 3, 1, 1, 1, 1, 1, 1, true};
    etch::kernels::depthwise<float, s>(in.data(), packed.data(), bias.data(), sink, part);
  }));
  CHECK(parts_make_the_whole(2 * 4 * 4, c, [&](auto sink, auto part) {
    constexpr etch::kernels::pool2d_shape s{
        etch::kernels::pool_op::max, 2, h, h, c, 4, 4, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0, false};
    etch::kernels::pool2d<float, s>(in.data(), sink, part);
  }));
}

TEST_CASE("rows in parts are the rows", "[kernels][share]") {
  constexpr long rows = 10, n = 37;
  block<float> const x = random_block<float>(rows * n, 6), gamma = random_block<float>(n, 7);
  CHECK(parts_make_the_whole(rows, n, [&](auto sink, auto part) {
    block<float> kept(rows * n, 0);
    etch::kernels::softmax<float, etch::kernels::softmax_shape{rows, n, false}>(
        x.data(), kept.data(), sink, part);
  }));
  CHECK(parts_make_the_whole(rows, n, [&](auto sink, auto part) {
    etch::kernels::layer_norm<float, etch::kernels::layer_norm_shape{rows, n, false, true, true}>(
        x.data(), gamma.data(), gamma.data(), 1e-5f, sink, part);
  }));
}

TEST_CASE("copies in parts are the copy", "[kernels][share]") {
  using shape = etch::kernels::copy_shape;
  constexpr shape heads{3, {2, 33, 24}, {24, 48, 1}, {33 * 24, 24, 1}};
  constexpr shape turned{3, {2, 24, 33}, {24, 1, 48}, {33 * 24, 33, 1}};
  constexpr shape wide{2, {130, 37}, {1, 130}, {37, 1}};
  constexpr shape pixels{2, {5000, 3}, {1, 5000}, {3, 1}};
  constexpr shape line{1, {9001}, {1}, {1}};
  constexpr shape every_third{1, {5000}, {3}, {1}};
  constexpr shape spread{1, {5000}, {1}, {2}};
  constexpr shape filled{1, {5000}, {0}, {1}};
  constexpr shape rows{2, {5, 70}, {1, 0}, {80, 1}};
  constexpr shape element{0, {}, {}, {}};
  CHECK(copy_shares<std::uint32_t, heads>());
  CHECK(copy_shares<std::uint32_t, turned>());
  CHECK(copy_shares<std::uint16_t, wide>());
  CHECK(copy_shares<std::uint64_t, wide>());
  CHECK(copy_shares<std::uint32_t, pixels>());
  CHECK(copy_shares<std::uint8_t, line>());
  CHECK(copy_shares<std::uint32_t, line>());
  CHECK(copy_shares<std::uint32_t, every_third>());
  CHECK(copy_shares<std::uint32_t, spread>());
  CHECK(copy_shares<std::uint32_t, filled>());
  CHECK(copy_shares<std::uint32_t, rows>());
  CHECK(copy_shares<std::uint32_t, element>());
}

TEST_CASE("reductions in parts are the reduction", "[kernels][share]") {
  using etch::kernels::reduce_op, etch::kernels::reduce_shape;
  CHECK(reduce_shares<reduce_shape{1, 49, 133, reduce_op::mean}>());  // by columns
  CHECK(reduce_shares<reduce_shape{3, 9, 37, reduce_op::max}>());
  CHECK(reduce_shares<reduce_shape{10, 45, 1, reduce_op::sum}>());
}
