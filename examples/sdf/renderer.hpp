#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "sdf/march.hpp"
#include "sdf/scene.hpp"

namespace sdf {

/// The light that comes back along rays: sphere tracing through the net, in stages that each handle
/// all rays of a call. Surfaces, normals, shadows, open sky and reflections are all distances.
class renderer {
 public:
  explicit renderer(distance_field& field) : field_(&field), march_(field) {}

  /// A colour for each ray, in linear light. Mirrored rays are followed `bounces` times.
  std::vector<vec3> radiance(std::span<ray const> rays, int bounces) {
    std::vector<surface> const found = surfaces(rays);
    std::vector<float> const open = openness(found);
    std::array<std::vector<float>, std::size(scene::lights)> lit;
    for (std::size_t i = 0; i < lit.size(); ++i) lit[i] = visibility(found, scene::lights[i]);
    std::vector<vec3> const mirrored = reflections(rays, found, bounces);

    std::vector<vec3> colours(rays.size());
    for (std::size_t i = 0; i < rays.size(); ++i) {
      colours[i] = scene::backdrop(rays[i].direction);
      surface const& at = found[i];
      if (at.what == kind::nothing) continue;
      vec3 const view = -rays[i].direction;
      vec3 const mirror = mirror_share(at, view);
      vec3 const body = at.made_of.metal ? vec3{} : at.made_of.colour;
      vec3 sum =
          body * ambient(at.normal) * open[i] + mirror * mirrored[i] * (0.4f + 0.6f * open[i]);
      for (std::size_t k = 0; k < lit.size(); ++k)
        sum += reflected_light(at, body, mirror, view, scene::lights[k]) * lit[k][i];
      float const clear = at.what == kind::floor ? scene::clearness(length(at.position)) : 1.0f;
      colours[i] = mix(colours[i], sum, clear);
    }
    return colours;
  }

 private:
  enum class kind : unsigned char { nothing, shape, floor };

  struct surface {
    kind what = kind::nothing;
    float distance = 0;  ///< along the ray
    vec3 position;
    vec3 normal;
    scene::material made_of;
  };

  /// A little off the surface, so that a ray that starts there has left it.
  static vec3 lifted(surface const& at) { return at.position + at.normal * 0.004f; }

  std::vector<surface> surfaces(std::span<ray const> rays) {
    std::vector<surface> found(rays.size());
    std::vector<stretch> within(rays.size());
    for (std::size_t i = 0; i < rays.size(); ++i) {
      float last = 100.0f;
      float const t = (scene::floor_y - rays[i].origin.y) / rays[i].direction.y;
      if (t > 0) {
        found[i] = {kind::floor, t, rays[i].at(t), {0, 1, 0}, scene::floor_material};
        last = t;
      }
      within[i] = inside_cube(rays[i], 0.0f, last);
    }
    march_(rays, within, [&](std::size_t i, float t, float distance) {
      if (distance < 1e-4f) {
        found[i].what = kind::shape;
        found[i].distance = t;
        return marcher::done;
      }
      return t + 0.9f * distance;  // the field is steeper than 1 in places
    });
    std::vector<std::size_t> shapes;
    for (std::size_t i = 0; i < rays.size(); ++i) {
      if (found[i].what != kind::shape) continue;
      found[i].position = rays[i].at(found[i].distance);
      found[i].made_of = scene::material_at(found[i].position);
      shapes.push_back(i);
    }
    find_normals(found, shapes);
    return found;
  }

  /// Normals by central differences.
  void find_normals(std::vector<surface>& surfaces, std::span<std::size_t const> of) {
    constexpr float h = 2e-3f;
    constexpr std::array<vec3, 6> around{
        {{h, 0, 0}, {-h, 0, 0}, {0, h, 0}, {0, -h, 0}, {0, 0, h}, {0, 0, -h}}};
    std::vector<vec3> points;
    points.reserve(of.size() * around.size());
    for (std::size_t i : of)
      for (vec3 step : around) points.push_back(surfaces[i].position + step);
    std::vector<float> d(points.size());
    (*field_)(points, d);
    for (std::size_t k = 0; k < of.size(); ++k) {
      float const* at = &d[6 * k];
      surfaces[of[k]].normal = normalize({at[0] - at[1], at[2] - at[3], at[4] - at[5]});
    }
  }

  /// How far the sky is open over each surface: few distances along the normal that are as long as
  /// the way from the surface mean much.
  std::vector<float> openness(std::span<surface const> surfaces) {
    constexpr std::array<float, 5> ways{0.03f, 0.08f, 0.16f, 0.28f, 0.45f};
    std::vector<vec3> points;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < surfaces.size(); ++i) {
      surface const& at = surfaces[i];
      if (at.what == kind::nothing || length(at.position) > 3.0f) continue;
      of.push_back(i);
      for (float way : ways) points.push_back(at.position + at.normal * way);
    }
    std::vector<float> d(points.size());
    (*field_)(points, d);
    std::vector<float> open(surfaces.size(), 1.0f);
    for (std::size_t k = 0; k < of.size(); ++k) {
      float closed = 0;
      for (std::size_t j = 0; j < ways.size(); ++j) {
        float distance = d[ways.size() * k + j];
        if (surfaces[of[k]].what == kind::shape)  // the floor closes the sky of the shape
          distance = std::min(distance, points[ways.size() * k + j].y - scene::floor_y);
        closed +=
            std::max(0.0f, ways[j] - distance) / ways[j] * (0.34f - 0.05f * static_cast<float>(j));
      }
      open[of[k]] = std::clamp(1.0f - closed, 0.0f, 1.0f);
    }
    return open;
  }

  /// Which part of a light each surface sees. The least ratio of the distance to the way decides
  /// how much of the light's disc is covered; it goes on below 0, inside of what covers it.
  std::vector<float> visibility(std::span<surface const> surfaces, scene::light const& light) {
    std::vector<ray> rays(surfaces.size());
    std::vector<stretch> within(surfaces.size());
    std::vector<float> least(surfaces.size(), 1.0f);
    for (std::size_t i = 0; i < surfaces.size(); ++i) {
      surface const& at = surfaces[i];
      if (at.what == kind::nothing || dot(at.normal, light.direction) <= 0) {
        within[i] = {0, 0};
        continue;
      }
      rays[i] = {lifted(at), light.direction};
      within[i] = inside_cube(rays[i], 0.01f, 10.0f);
    }
    march_(rays, within, [&](std::size_t i, float t, float distance) {
      least[i] = std::max(-1.0f, std::min(least[i], light.sharpness * distance / t));
      if (least[i] <= -1.0f) return marcher::done;
      // As far as the ratio cannot fall below 1, then with short steps.
      float const clear = (distance - t / light.sharpness) / (1.0f + 1.0f / light.sharpness);
      return t + std::max(0.9f * clear,
                          std::max(0.4f * std::abs(distance), 0.006f + 0.1f * t / light.sharpness));
    });
    for (float& each : least) each = smoothstep(-1.0f, 1.0f, each);
    return least;
  }

  /// The share of light that mirrors, by Schlick's approximation.
  static vec3 mirror_share(surface const& at, vec3 view) {
    vec3 const base = at.made_of.metal
                          ? at.made_of.colour
                          : vec3{at.made_of.mirror, at.made_of.mirror, at.made_of.mirror};
    float const grazing = std::pow(1.0f - std::max(0.0f, dot(at.normal, view)), 5.0f);
    return mix(base, {1, 1, 1}, grazing);
  }

  std::vector<vec3> reflections(std::span<ray const> rays, std::span<surface const> surfaces,
                                int bounces) {
    std::vector<vec3> result(rays.size());
    std::vector<ray> mirrored;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < rays.size(); ++i) {
      if (surfaces[i].what != kind::shape) continue;
      ray const onward{lifted(surfaces[i]), reflect(rays[i].direction, surfaces[i].normal)};
      result[i] = scene::backdrop(onward.direction);
      if (bounces == 0) continue;
      mirrored.push_back(onward);
      of.push_back(i);
    }
    if (mirrored.empty()) return result;
    std::vector<vec3> const colours = radiance(mirrored, bounces - 1);
    for (std::size_t k = 0; k < of.size(); ++k) result[of[k]] = limited(colours[k], 1.5f);
    return result;
  }

  static vec3 ambient(vec3 normal) {
    return mix({0.14f, 0.14f, 0.15f}, {0.44f, 0.49f, 0.58f}, 0.5f + 0.5f * normal.y);
  }

  static vec3 reflected_light(surface const& at, vec3 body, vec3 mirror, vec3 view,
                              scene::light const& light) {
    float const facing = std::max(0.0f, dot(at.normal, light.direction));
    vec3 const half = normalize(view + light.direction);
    float const highlight = (at.made_of.gloss + 8.0f) / 25.0f *
                            std::pow(std::max(0.0f, dot(at.normal, half)), at.made_of.gloss);
    return light.colour * (body + mirror * highlight) * facing;
  }

  distance_field* field_;
  marcher march_;
};

}  // namespace sdf
