#pragma once

#include <array>
#include <cmath>

#include "sdf/march.hpp"
#include "sdf/vec3.hpp"

namespace sdf {

/// What the picture shows besides the shape: where the eye, the floor and the lights are, and what
/// things are made of. Lengths are in the units of the shape, which fills a sphere of radius 0.9.
namespace scene {

inline constexpr vec3 eye{1.5f, 1.15f, 2.35f};
inline constexpr vec3 target{0.0f, -0.12f, 0.0f};
inline constexpr float half_height = 0.36f;  ///< tangent of half the vertical angle of view
inline constexpr float floor_y = -0.92f;

/// The ray through a place of the picture: x from -aspect to aspect, y from -1 (bottom) to 1.
inline ray view_ray(float x, float y) {
  vec3 const ahead = normalize(target - eye);
  vec3 const right = normalize(cross(ahead, {0, 1, 0}));
  vec3 const up = cross(right, ahead);
  return {eye, normalize(ahead + (right * x + up * y) * half_height)};
}

struct light {
  vec3 direction;  ///< towards the light, of length 1
  vec3 colour;
  float sharpness;  ///< of its shadows: the distance over the radius of the light
};

inline std::array<light, 2> const lights{
    light{normalize({-0.55f, 0.90f, 0.50f}), {2.15f, 1.95f, 1.68f}, 9.0f},
    light{normalize({0.95f, 0.42f, -0.35f}), {0.36f, 0.58f, 1.02f}, 6.0f},
};

struct material {
  vec3 colour;
  float mirror = 0.04f;  ///< share of light reflected head-on
  bool metal = false;    ///< reflects in its colour and has no other
  float gloss = 60.0f;   ///< exponent of the highlights
};

/// The parts of the shape lie one inside the other: the distance from the centre tells them apart.
inline material material_at(vec3 p) {
  float const r = length(p);
  if (r < 0.29f) return {{0.92f, 0.20f, 0.05f}, 0.05f, false, 140.0f};
  if (r < 0.625f) return {{0.46f, 0.45f, 0.44f}, 0.04f, false, 50.0f};
  return {{1.00f, 0.60f, 0.24f}, 0.75f, true, 90.0f};
}

inline material const floor_material{{0.100f, 0.106f, 0.116f}, 0.0f, false, 40.0f};

/// What is seen where nothing stands: a dark studio with a bright panel overhead and a strip aside.
inline vec3 backdrop(vec3 direction) {
  vec3 const low{0.030f, 0.036f, 0.048f};
  vec3 const high{0.200f, 0.240f, 0.310f};
  vec3 colour = mix(low, high, smoothstep(-0.2f, 0.9f, direction.y));
  float const overhead = smoothstep(0.80f, 0.90f, dot(direction, lights[0].direction));
  float const aside = smoothstep(0.86f, 0.94f, dot(direction, lights[1].direction));
  colour += vec3{1.9f, 1.75f, 1.5f} * overhead;
  colour += vec3{0.45f, 0.75f, 1.3f} * aside;
  return colour;
}

/// How much of the floor is seen at a distance from the centre: it fades into the backdrop.
inline float clearness(float distance) { return 1.0f - smoothstep(0.8f, 5.0f, distance); }

}  // namespace scene
}  // namespace sdf
