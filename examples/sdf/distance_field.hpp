#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "sdf/sdf_model.hpp"
#include "sdf/vec3.hpp"

namespace sdf {

/// The net as a function of points: any number of them, `points_per_call` in each run. It knows
/// the cube [-half, half]^3 that it was trained in; outside of it the distance is that of the
/// nearest point of the cube and the way there.
class distance_field {
 public:
  static constexpr float half = 1.1f;

  explicit distance_field(etch::weights<DistanceNet> weights) : net_(std::move(weights)) {}

  void operator()(std::span<vec3 const> points, std::span<float> distances) {
    for (std::size_t first = 0; first < points.size(); first += batch) {
      std::size_t const count = std::min(batch, points.size() - first);
      run(points.subspan(first, count), distances.subspan(first, count));
    }
  }

  /// Runs of the net and the points that they were for, so far.
  std::size_t runs() const { return runs_; }
  std::size_t points() const { return points_; }

 private:
  static constexpr auto batch = static_cast<std::size_t>(points_per_call);

  void run(std::span<vec3 const> points, std::span<float> distances) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      vec3 const inside = clamp(points[i]);
      coordinates_[3 * i] = inside.x;
      coordinates_[3 * i + 1] = inside.y;
      coordinates_[3 * i + 2] = inside.z;
    }
    auto const found = net_(coordinates_);  // rows behind the last point hold points of old
    for (std::size_t i = 0; i < points.size(); ++i)
      distances[i] = found[i] + length(points[i] - clamp(points[i]));
    ++runs_;
    points_ += points.size();
  }

  static vec3 clamp(vec3 p) {
    return {std::clamp(p.x, -half, half), std::clamp(p.y, -half, half),
            std::clamp(p.z, -half, half)};
  }

  etch::session<DistanceNet> net_;
  std::array<float, 3 * batch> coordinates_{};
  std::size_t runs_ = 0;
  std::size_t points_ = 0;
};

}  // namespace sdf
