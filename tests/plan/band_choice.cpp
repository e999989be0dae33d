#include <etch/plan/band_choice.hpp>

#include <random>

#include "plan_test.hpp"

namespace {

using namespace etch_test;

constexpr ops::conv2d::attrs pixels{.channels_last = true};
constexpr ops::conv2d::attrs near{
    .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1, .channels_last = true};
constexpr ops::conv2d::attrs each(ops::conv2d::attrs of, int channels, int stride = 1) {
  of.groups = channels;
  of.stride_h = of.stride_w = stride;
  return of;
}

/// 4 - 24 - 24 - 4 channels of `rows` x 10 pixels, with a shortcut around them.
constexpr ir::graph wide_block(std::int64_t rows, bool keeps_wide = false) {
  net g;
  auto const x = g.input(2, rows, 10, 4);
  auto const wide = g.add_op<ops::conv2d>({x, g.weight("a", 24, 4, 1, 1)}, pixels);
  auto const h = g.add_op<ops::conv2d>({wide, g.weight("b", 24, 1, 3, 3)}, each(near, 24));
  auto const y = g.add_op<ops::conv2d>({h, g.weight("c", 4, 24, 1, 1)}, pixels);
  auto const sum = g.add_op<ops::add>({y, x});
  if (keeps_wide) return optimised(g.returning(sum, wide));
  return optimised(g.returning(sum));
}

/// A convolution with a stride of 2, one with 2 x 2 taps, a pool.
constexpr ir::graph strided() {
  net g;
  auto const x = g.input(1, 32, 32, 3);
  auto const a = g.add_op<ops::conv2d>({x, g.weight("a", 8, 3, 3, 3)}, each(near, 1, 2));
  auto const b = g.add_op<ops::conv2d>({a, g.weight("b", 8, 8, 2, 2)}, pixels);
  return optimised(g.returning(g.add_op<ops::max_pool2d>(
      {b}, {.kernel_h = 3, .kernel_w = 3, .pad_top = 1, .pad_left = 1, .channels_last = true})));
}

constexpr plan::tile_policy rows_at_a_time(std::int64_t rows) {
  return {.bands = {.least_bytes = 0, .rows = rows}};
}
constexpr plan::plan with(ir::graph const& g, plan::tile_policy const& policy) {
  return plan::build(g, {.depth_first = policy});
}
constexpr std::size_t tilings(ir::graph const& g, plan::band_policy const& bands) {
  return with(g, {.bands = bands}).tilings.size();
}
constexpr plan::image_rows needed_of(ir::graph const& g, std::size_t step) {
  return with(g, rows_at_a_time(2)).steps[step].result.needed;
}

/// Steps of images one behind the other, some of which read an earlier image too.
class random_images {
 public:
  explicit random_images(unsigned seed) : random_(seed) {}

  ir::graph make(int steps) {
    int const extents[]{1 + below(2), 12 + below(12), 5 + below(4), 3 + below(3)};
    put(g_.input(extents[0], extents[1], extents[2], extents[3]));
    while (static_cast<int>(images_.size()) <= steps) add();
    return g_.returning(images_.back());
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  ir::shape const& last() const { return g_[images_.back()].type.shape; }
  void put(ir::node_id id) { images_.push_back(id); }

  void add() {
    ir::node_id const x = images_.back(), other = images_[images_.size() - 1 - behind()];
    auto const channels = static_cast<int>(last()[3]);
    switch (below(5)) {
      case 0:
        return put(g_.add_op<ops::tanh>({x}));
      case 1:
        if (last() == g_[other].type.shape) put(g_.add_op<ops::mul>({x, other}));
        return;
      case 2:
        return pool();
      case 3:
        return convolve(channels, channels);
      default:
        return convolve(2 + below(20), 1);
    }
  }
  std::size_t behind() {
    return static_cast<std::size_t>(below(std::min(4, static_cast<int>(images_.size()))));
  }

  void pool() {
    int const kernel = 1 + below(3), stride = 1 + below(2), pad = below(kernel);
    if (last()[1] < 6 || last()[2] < 5) return;
    ops::max_pool2d::attrs const a{kernel, 2, stride, 1, pad, 1, below(kernel), 0, true};
    if (below(2)) return put(g_.add_op<ops::max_pool2d>({images_.back()}, a));
    put(g_.add_op<ops::avg_pool2d>({images_.back()}, {.kernel_h = kernel,
                                                      .kernel_w = 2,
                                                      .stride_h = stride,
                                                      .stride_w = 1,
                                                      .pad_top = pad,
                                                      .channels_last = true}));
  }

  void convolve(int outputs, int groups) {
    int const taps = 1 + below(4), dilation = 1 + below(2), reach = (taps - 1) * dilation;
    if (last()[1] < 8 || last()[2] < 4) return;
    ops::conv2d::attrs const a{1 + below(2),     1,        dilation,         1,
                               below(reach + 1), below(2), below(reach + 1), below(2),
                               groups,           true};
    ir::node_id const w =
        g_.weight(std::to_string(images_.size()), outputs, last()[3] / groups, taps, 1 + below(3));
    put(g_.add_op<ops::conv2d>({images_.back(), w}, a));
  }

  std::mt19937 random_;
  net g_;
  std::vector<ir::node_id> images_;
};

}  // namespace

TEST_CASE("a block of convolutions runs in bands of rows", "[plan][band_choice]") {
  constexpr plan::tiling t = with(wide_block(30), rows_at_a_time(4)).tilings[0];
  STATIC_REQUIRE(t.images);
  STATIC_REQUIRE(t.first == 0);
  STATIC_REQUIRE(t.count == 3);
  STATIC_REQUIRE(t.matrices == 2);
  STATIC_REQUIRE(t.rows == 30);
  STATIC_REQUIRE(t.tile == 4);
  STATIC_REQUIRE(t.tiles() == 16);
  for (std::int64_t rows : {1, 2, 3, 4, 7, 29, 30, 100}) {
    CAPTURE(rows);
    auto const p = checked_plan(wide_block(30), {.depth_first = rows_at_a_time(rows)});
    REQUIRE(p.steps[0].result.place == plan::place::tile);
    REQUIRE(p.steps[1].result.place == plan::place::tile);
    REQUIRE(p.steps[2].result.place == plan::place::workspace);
    // 6 rows of the first image for 4 of the second, and those of one image of the last
    REQUIRE(p.steps[0].result.type.shape == ir::shape(1, 30, 10, 24));
    REQUIRE(p.steps[2].result.matrix_bytes == 30 * 10 * 4 * 4);
  }
  constexpr std::int64_t row = 10 * 24 * 4, image = 2 * 30 * 10 * 4 * 4;
  STATIC_REQUIRE(with(wide_block(30), rows_at_a_time(4)).workspace_bytes <= 10 * row + image + 128);
}

TEST_CASE("the rows that a band needs follow from the windows behind", "[plan][band_choice]") {
  STATIC_REQUIRE(needed_of(wide_block(30), 0) == plan::image_rows{1, 1, 1});
  STATIC_REQUIRE(needed_of(wide_block(30), 1) == plan::image_rows{1, 0, 0});
  STATIC_REQUIRE(needed_of(strided(), 1) == plan::image_rows{2, 1, 1});
  STATIC_REQUIRE(needed_of(strided(), 0) == plan::image_rows{2, 1, 2});
  checked_plan(strided(), {.depth_first = rows_at_a_time(1)});
  checked_plan(strided(), {.depth_first = rows_at_a_time(3)});
}

TEST_CASE("bands are as high as their policy has bytes", "[plan][band_choice]") {
  constexpr std::int64_t row = 10 * 24 * 4;
  constexpr auto height = [](std::int64_t bytes) {
    auto const p = with(wide_block(30), {.bands = {.least_bytes = 0, .band_bytes = bytes}});
    return p.tilings.empty() ? 0 : p.tilings[0].tile;
  };
  STATIC_REQUIRE(height(4 * row) == 1);  // three rows and one
  STATIC_REQUIRE(height(row - 1) == 0);
  STATIC_REQUIRE(height(18 * row) == 8);  // ten rows and eight: four bands
  STATIC_REQUIRE(height(40 * row) == 15);
  STATIC_REQUIRE(height(80 * row) == 30);  // an image at a time
}

TEST_CASE("images stay whole where bands do not pay", "[plan][band_choice]") {
  constexpr std::int64_t bytes = 30 * 10 * 24 * 4;  // of one image
  STATIC_REQUIRE(tilings(wide_block(30), {.least_bytes = bytes}) == 1);
  STATIC_REQUIRE(tilings(wide_block(30), {.least_bytes = bytes + 1}) == 0);
  STATIC_REQUIRE(tilings(wide_block(30), {.on = false, .least_bytes = 0}) == 0);
  STATIC_REQUIRE(with(wide_block(30), {.on = false, .bands = {.least_bytes = 0}}).tilings.empty());
  STATIC_REQUIRE(tilings(wide_block(30), {.least_bytes = 0, .weight_bytes = 100}) == 0);
  STATIC_REQUIRE(tilings(wide_block(30), {}) == 0);
  STATIC_REQUIRE(tilings(wide_block(1200), {}) == 1);
}

TEST_CASE("an image that is read later is not in bands", "[plan][band_choice]") {
  auto const p = checked_plan(wide_block(30, true), {.depth_first = rows_at_a_time(4)});
  REQUIRE(p.tilings.size() == 1);
  REQUIRE(p.tilings[0].first == 1);
  REQUIRE(p.tilings[0].count == 2);
  REQUIRE(p.outputs[1].place == plan::place::workspace);
}

TEST_CASE("random images in bands are where they are read", "[plan][band_choice][random]") {
  int bands = 0, longest = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    INFO("seed " << seed);
    ir::graph const g = optimised(random_images(seed).make(3 + static_cast<int>(seed) % 10));
    for (plan::tiling const& t :
         checked_plan(g, {.depth_first = rows_at_a_time(1 + seed % 4)}).tilings) {
      bands += t.images;
      longest = std::max(longest, t.count);
    }
  }
  REQUIRE(bands > 300);
  REQUIRE(longest > 6);
}
