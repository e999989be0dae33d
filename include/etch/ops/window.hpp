#pragma once

#include <cstddef>
#include <cstdint>

#include <etch/ir/extent_array.hpp>

// The words of convolutions and pools: sizes, padding, layouts, and how far a window goes.

namespace etch {

/// The order of the axes of a batch of images: batch, channels, height, width, or channels last.
enum image_layout : unsigned char { nchw, nhwc };

/// same: as many outputs as inputs, divided by the stride and rounded up, the odd row or column
/// of padding after the image (TensorFlow); valid: no padding.
enum padding_rule : unsigned char { explicit_padding, same, valid };

/// Height and width; `3` is 3 x 3.
struct size2d {
  int h = 0;
  int w = 0;

  constexpr size2d() = default;
  constexpr size2d(int both) : h(both), w(both) {}
  constexpr size2d(int height, int width) : h(height), w(width) {}
  constexpr bool operator==(size2d const&) const = default;
};

/// Zeros around an image: `same`, `valid`, one number, {h, w}, or {top, left, bottom, right}.
struct padding2d {
  padding_rule rule = explicit_padding;
  int top = 0;
  int left = 0;
  int bottom = 0;
  int right = 0;

  constexpr padding2d() = default;
  constexpr padding2d(padding_rule by) : rule(by) {}
  constexpr padding2d(int all) : padding2d(all, all) {}
  constexpr padding2d(int h, int w) : padding2d(h, w, h, w) {}
  constexpr padding2d(int above, int before, int below, int after)
      : top(above), left(before), bottom(below), right(after) {}
  constexpr bool operator==(padding2d const&) const = default;
};

namespace ops {

/// A window that slides along one axis of an image.
struct window_axis {
  std::int64_t extent = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t before = 0;
  std::int64_t after = 0;

  /// From the first tap to the last.
  constexpr std::int64_t reach() const { return (kernel - 1) * dilation + 1; }
  constexpr bool fits() const { return reach() <= extent + before + after; }
  /// The number of positions. The stride is positive and the window fits.
  constexpr std::int64_t positions() const {
    return (extent + before + after - reach()) / stride + 1;
  }
  /// The same along an extent of which the call decides a part: a multiple of the stride, which
  /// `steps` counts.
  constexpr etch::extent positions(etch::extent const& along) const {
    std::int64_t const room = fixed_part(along) + before + after - reach();
    std::int64_t const whole = room >= 0 ? room / stride : -((stride - 1 - room) / stride);
    return steps(along) + etch::extent(whole + 1);
  }
  constexpr etch::extent steps(etch::extent const& along) const {
    return (along - etch::extent(fixed_part(along))) / stride;
  }
  static constexpr std::int64_t fixed_part(etch::extent const& along) {
    bool whole = true;
    std::int64_t const fixed = along.value([](etch::extent::dim const&) { return 0; }, whole);
    return whole ? fixed : 0;
  }

  /// Where tap k of position o is in the image; outside it is padding.
  constexpr std::int64_t at(std::int64_t o, std::int64_t k) const {
    return o * stride + k * dilation - before;
  }
  constexpr bool inside(std::int64_t at) const { return at >= 0 && at < extent; }

  /// The padding of TensorFlow's SAME. A stride that is not positive is left to the checks.
  constexpr void pad_same() {
    if (stride <= 0) return;
    std::int64_t const outputs = (extent + stride - 1) / stride;
    std::int64_t const missing = (outputs - 1) * stride + reach() - extent;
    std::int64_t const total = missing > 0 ? missing : 0;
    before = total / 2;
    after = total - before;
  }
};

/// Where the axes of an image tensor are.
struct image_axes {
  int channel;
  int h;
  int w;

  constexpr explicit image_axes(bool channels_last)
      : channel(channels_last ? 3 : 1), h(channels_last ? 1 : 2), w(channels_last ? 2 : 3) {}
};

constexpr ir::shape image_shape(std::int64_t batch, std::int64_t channels, std::int64_t h,
                                std::int64_t w, bool channels_last) {
  return channels_last ? ir::shape(batch, h, w, channels) : ir::shape(batch, channels, h, w);
}

/// The extents of what windows make of an image, whose batch, height and width a call may decide.
constexpr ir::extent_array image_extents(ir::extent_array const& x, std::int64_t channels,
                                         window_axis const& down, window_axis const& along,
                                         bool channels_last) {
  image_axes const axes(channels_last);
  auto const at = [](int axis) { return static_cast<std::size_t>(axis); };
  ir::extent_array y{};
  if (!x[at(axes.channel)].is_fixed()) return y;
  y[0] = x[0];
  y[at(axes.channel)] = extent(channels);
  y[at(axes.h)] = down.positions(x[at(axes.h)]);
  y[at(axes.w)] = along.positions(x[at(axes.w)]);
  return y;
}

/// Padding as four numbers, for windows of that size over an image of that extent.
constexpr padding2d explicit_padding_of(padding2d const& padding, std::int64_t h, std::int64_t w,
                                        size2d kernel, size2d stride, size2d dilation) {
  if (padding.rule == explicit_padding) return padding;
  if (padding.rule == valid) return 0;
  window_axis down{h, kernel.h, stride.h, dilation.h};
  window_axis along{w, kernel.w, stride.w, dilation.w};
  down.pad_same();
  along.pad_same();
  return {static_cast<int>(down.before), static_cast<int>(along.before),
          static_cast<int>(down.after), static_cast<int>(along.after)};
}

/// Offsets into a dense batch of images.
struct image_offsets {
  std::int64_t channels, h, w;
  bool channels_last;

  constexpr image_offsets(ir::shape const& s, bool last)
      : channels(s[image_axes(last).channel]),
        h(s[image_axes(last).h]),
        w(s[image_axes(last).w]),
        channels_last(last) {}
  constexpr std::int64_t operator()(std::int64_t b, std::int64_t c, std::int64_t y,
                                    std::int64_t x) const {
    return channels_last ? ((b * h + y) * w + x) * channels + c
                         : ((b * channels + c) * h + y) * w + x;
  }
};

}  // namespace ops
}  // namespace etch
