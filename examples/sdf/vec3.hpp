#pragma once

#include <algorithm>
#include <cmath>

namespace sdf {

/// A point, a direction or a colour.
struct vec3 {
  float x = 0, y = 0, z = 0;

  friend constexpr vec3 operator+(vec3 a, vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend constexpr vec3 operator-(vec3 a, vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend constexpr vec3 operator*(vec3 a, vec3 b) { return {a.x * b.x, a.y * b.y, a.z * b.z}; }
  friend constexpr vec3 operator*(vec3 a, float s) { return {a.x * s, a.y * s, a.z * s}; }
  friend constexpr vec3 operator*(float s, vec3 a) { return a * s; }
  friend constexpr vec3 operator-(vec3 a) { return {-a.x, -a.y, -a.z}; }
  constexpr vec3& operator+=(vec3 b) { return *this = *this + b; }
};

constexpr float dot(vec3 a, vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr vec3 cross(vec3 a, vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(vec3 a) { return std::sqrt(dot(a, a)); }
inline vec3 normalize(vec3 a) { return a * (1.0f / length(a)); }
constexpr vec3 mix(vec3 a, vec3 b, float t) { return a + (b - a) * t; }
constexpr vec3 reflect(vec3 direction, vec3 normal) {
  return direction - normal * (2.0f * dot(direction, normal));
}

/// No coordinate above `most`.
constexpr vec3 limited(vec3 a, float most) {
  return {std::min(a.x, most), std::min(a.y, most), std::min(a.z, most)};
}

/// 0 below `low`, 1 above `high`, smooth between.
constexpr float smoothstep(float low, float high, float x) {
  float const t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
  return t * t * (3.0f - 2.0f * t);
}

}  // namespace sdf
