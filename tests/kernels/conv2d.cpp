#include <etch/kernels/conv2d.hpp>

#include "kernels/conv2d_case.hpp"

using namespace kernel_test;
using etch::kernels::conv2d_shape;

namespace {

template <conv2d_shape S>
void check_one() {
  CAPTURE(S.h, S.w, S.c, S.o, S.kh, S.kw, S.stride_h, S.dilation_h, S.groups);
  CHECK(conv2d_case<float, S>{}.agrees_with_reference());
}

template <conv2d_shape... S>
void check() {
  (check_one<S>(), ...);
}

}  // namespace

TEST_CASE("conv2d agrees with its definition on padded images", "[kernels][conv2d]") {
  check<conv_of(1, 9, 12, 5, 16, 3, 1, 1, 1), conv_of(2, 6, 5, 3, 20, 3, 1, 1, 1),
        conv_of(1, 8, 8, 1, 33, 5, 1, 1, 2)>();
}

TEST_CASE("conv2d takes strides and dilations", "[kernels][conv2d]") {
  check<conv_of(1, 11, 13, 4, 7, 3, 2, 1, 1), conv_of(1, 12, 11, 3, 16, 3, 1, 2, 2),
        conv_of(1, 15, 10, 2, 5, 2, 3, 3, 1, 1, false)>();
}

TEST_CASE("conv2d takes a kernel, strides and paddings that differ by axis", "[kernels][conv2d]") {
  check<conv2d_shape{1, 7, 16, 3, 4, 9, 18, 2, 5, 2, 1, 1, 3, 1, 0, 1, true},
        conv2d_shape{1, 1, 40, 6, 1, 38, 8, 1, 3, 1, 1, 1, 1, 0, 0, 1, true},
        conv2d_shape{1, 40, 1, 6, 20, 1, 8, 4, 1, 2, 1, 1, 1, 2, 0, 1, true}>();
}

TEST_CASE("conv2d agrees with its definition in tiles of whole rows", "[kernels][conv2d]") {
  // short rows of many channels; which of these fit the registers depends on the instruction set
  check<conv_of(1, 7, 7, 32, 33, 3, 1, 1, 1), conv_of(2, 4, 5, 33, 20, 5, 1, 1, 2),
        conv_of(1, 14, 13, 32, 16, 3, 2, 1, 1), conv_of(1, 9, 9, 35, 18, 3, 1, 2, 2),
        conv_of(1, 5, 2, 64, 36, 3, 1, 1, 1, 2, false),
        conv2d_shape{1, 6, 4, 32, 6, 5, 17, 2, 3, 1, 1, 1, 1, 0, 2, 1, true}>();
}

TEST_CASE("conv2d takes groups", "[kernels][conv2d]") {
  check<conv_of(1, 6, 7, 6, 8, 3, 1, 1, 1, 2), conv_of(2, 5, 5, 4, 36, 3, 2, 1, 1, 2)>();
}

TEST_CASE("conv2d of a kernel of one pixel is a product", "[kernels][conv2d]") {
  check<conv_of(2, 4, 5, 9, 21, 1, 1, 1, 0), conv_of(1, 5, 5, 7, 16, 1, 2, 1, 0),
        conv_of(1, 3, 4, 6, 18, 1, 1, 1, 0, 3, false)>();
}
