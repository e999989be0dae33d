#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench {

/// The smallest difference of two neighbours that are not equal, 0 where all are.
inline double smallest_step(std::vector<double> const& sorted) {
  double least = 0;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    double const step = sorted[i] - sorted[i - 1];
    if (step > 0 && (least == 0 || step < least)) least = step;
  }
  return least;
}

/// What `part` of the values are below, for values that a clock rounded to steps of `step`: those
/// that it made equal count as spread evenly over the step around them, so that the quantile is
/// finer than the clock.
inline double quantile(std::vector<double> const& sorted, double part, double step) {
  double const rank = part * static_cast<double>(sorted.size());
  auto const at = std::min(static_cast<std::size_t>(rank), sorted.size() - 1);
  auto const [first, last] = std::equal_range(sorted.begin(), sorted.end(), sorted[at]);
  double const below = static_cast<double>(first - sorted.begin());
  double const equal = static_cast<double>(last - first);
  return sorted[at] + step * ((rank - below) / equal - 0.5);
}

}  // namespace bench
