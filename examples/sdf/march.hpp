#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sdf/distance_field.hpp"
#include "sdf/vec3.hpp"

namespace sdf {

struct ray {
  vec3 origin;
  vec3 direction;  ///< of length 1
  vec3 at(float t) const { return origin + direction * t; }
};

/// The part of a ray inside the field's cube: empty where first >= last.
struct stretch {
  float first;
  float last;
};

inline stretch inside_cube(ray const& r, float first, float last) {
  auto const cut = [&](float from, float along) {
    float const a = (-distance_field::half - from) / along;
    float const b = (distance_field::half - from) / along;
    first = std::max(first, std::min(a, b));
    last = std::min(last, std::max(a, b));
  };
  cut(r.origin.x, r.direction.x);
  cut(r.origin.y, r.direction.y);
  cut(r.origin.z, r.direction.z);
  return {first, last};
}

/// Walks along many rays at once. All that are under way are asked for together, so that each run
/// of the net has a full batch; a ray that is done makes room for the next.
class marcher {
 public:
  explicit marcher(distance_field& field) : field_(&field) {}

  /// `visit(ray number, t, distance)` is told the distance at t of each ray and returns the next t,
  /// or infinity to end the walk. A walk also ends behind its stretch.
  template <class Visit>
  void operator()(std::span<ray const> rays, std::span<stretch const> within, Visit const& visit) {
    walks_.clear();
    std::size_t next = 0;
    for (;;) {
      for (; walks_.size() < most_walks && next < rays.size(); ++next) {
        if (within[next].first < within[next].last)
          walks_.push_back({static_cast<std::uint32_t>(next), 0, within[next].first});
      }
      if (walks_.empty()) return;
      points_.clear();
      for (walk const& each : walks_) points_.push_back(rays[each.number].at(each.t));
      distances_.resize(points_.size());
      (*field_)(points_, distances_);
      std::size_t kept = 0;
      for (std::size_t i = 0; i < walks_.size(); ++i) {
        walk now = walks_[i];
        now.t = visit(now.number, now.t, distances_[i]);
        if (now.t < within[now.number].last && ++now.steps < most_steps) walks_[kept++] = now;
      }
      walks_.resize(kept);
    }
  }

  static constexpr float done = std::numeric_limits<float>::infinity();

 private:
  static constexpr std::size_t most_walks = 4 * static_cast<std::size_t>(points_per_call);
  static constexpr std::uint32_t most_steps = 200;

  struct walk {
    std::uint32_t number;
    std::uint32_t steps;
    float t;
  };

  distance_field* field_;
  std::vector<walk> walks_;
  std::vector<vec3> points_;
  std::vector<float> distances_;
};

}  // namespace sdf
