#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sdf/renderer.hpp"

namespace sdf {

/// Pixels in linear light, row by row from the top.
struct picture {
  int width = 0;
  int height = 0;
  std::vector<vec3> pixels;

  picture(int w, int h)
      : width(w), height(h), pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}

  vec3& at(int x, int y) { return pixels[index(x, y)]; }
  vec3 const& at(int x, int y) const { return pixels[index(x, y)]; }

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

/// The value of a channel on a screen: gamma behind a curve that keeps highlights from clipping.
inline float displayed(float linear) {
  float const x = std::max(0.0f, linear);
  float const curved =
      x * (2.51f * x + 0.03f) / (x * (2.43f * x + 0.59f) + 0.14f);  // ACES, Narkowicz
  return std::pow(std::clamp(curved, 0.0f, 1.0f), 1.0f / 2.2f);
}

inline vec3 displayed(vec3 c) { return {displayed(c.x), displayed(c.y), displayed(c.z)}; }

/// The ray through the place (x, y) of a picture, in pixels from its top left corner.
inline ray pixel_ray(picture const& of, float x, float y) {
  auto const height = static_cast<float>(of.height);
  return scene::view_ray((2 * x - static_cast<float>(of.width)) / height,
                         (height - 2 * y) / height);
}

/// Draws the picture, a few rows at a time: one ray through the middle of each pixel. `progress` is
/// told the share that is done.
template <class Progress>
void draw(picture& onto, renderer& with, Progress&& progress) {
  constexpr int rows = 16;
  std::vector<ray> rays;
  for (int top = 0; top < onto.height; top += rows) {
    int const bottom = std::min(onto.height, top + rows);
    rays.clear();
    for (int y = top; y < bottom; ++y)
      for (int x = 0; x < onto.width; ++x)
        rays.push_back(pixel_ray(onto, static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f));
    std::vector<vec3> const colours = with.radiance(rays, 1);
    std::copy(colours.begin(), colours.end(),
              onto.pixels.begin() + static_cast<std::ptrdiff_t>(onto.index(0, top)));
    progress(static_cast<double>(bottom) / onto.height);
  }
}

/// The pixels that differ from a neighbour by more than an eye forgives.
inline std::vector<std::size_t> edges(picture const& in) {
  auto const differ = [&](vec3 a, vec3 b) {
    vec3 const d = displayed(a) - displayed(b);
    return std::max({std::abs(d.x), std::abs(d.y), std::abs(d.z)}) > 0.06f;
  };
  std::vector<std::size_t> found;
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      vec3 const here = in.at(x, y);
      if ((x > 0 && differ(here, in.at(x - 1, y))) || (y > 0 && differ(here, in.at(x, y - 1))) ||
          (x + 1 < in.width && differ(here, in.at(x + 1, y))) ||
          (y + 1 < in.height && differ(here, in.at(x, y + 1))))
        found.push_back(in.index(x, y));
    }
  }
  return found;
}

/// Draws the pixels at edges again, through six places of each, and keeps the mean.
template <class Progress>
void smooth_edges(picture& onto, renderer& with, Progress&& progress) {
  constexpr std::array<std::array<float, 2>, 6> places{{{0.083f, 0.417f},
                                                        {0.250f, 0.917f},
                                                        {0.417f, 0.250f},
                                                        {0.583f, 0.750f},
                                                        {0.750f, 0.083f},
                                                        {0.917f, 0.583f}}};
  constexpr std::size_t at_once = 2048;
  std::vector<std::size_t> const all = edges(onto);
  std::vector<ray> rays;
  for (std::size_t first = 0; first < all.size(); first += at_once) {
    std::size_t const last = std::min(all.size(), first + at_once);
    rays.clear();
    for (std::size_t i = first; i < last; ++i) {
      auto const width = static_cast<std::size_t>(onto.width);
      for (auto const [x, y] : places)
        rays.push_back(pixel_ray(onto, static_cast<float>(all[i] % width) + x,
                                 static_cast<float>(all[i] / width) + y));
    }
    std::vector<vec3> const colours = with.radiance(rays, 1);
    for (std::size_t i = first; i < last; ++i) {
      vec3 sum;
      for (std::size_t k = 0; k < places.size(); ++k)
        sum += limited(colours[(i - first) * places.size() + k], 1.5f);
      onto.pixels[all[i]] = sum * (1.0f / static_cast<float>(places.size()));
    }
    progress(static_cast<double>(last) / static_cast<double>(all.size()));
  }
}

}  // namespace sdf
