#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <etch/runtime/problem_list.hpp>

namespace etch::runtime {

namespace detail {

/// Costs are eighths of an edit, so that a change of case alone is a small one.
inline constexpr std::size_t edit_cost = 8;
inline constexpr std::size_t longest_compared = 256;

constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::size_t replacing_cost(char a, char b) noexcept {
  if (a == b) return 0;
  return lower_case(a) == lower_case(b) ? 1 : edit_cost;
}

/// The cheapest way from a to b by inserting, removing, replacing and swapping neighbours; `limit`
/// or more means that it was not looked for any further. Both names are at most `longest_compared`.
constexpr std::size_t name_distance(std::string_view a, std::string_view b, std::size_t limit) {
  std::array<std::array<std::size_t, longest_compared + 1>, 3> rows{};
  auto* before = &rows[0];
  auto* above = &rows[1];
  auto* row = &rows[2];
  for (std::size_t j = 0; j <= b.size(); ++j) (*above)[j] = j * edit_cost;
  std::size_t least_above = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    (*row)[0] = i * edit_cost;
    std::size_t least = (*row)[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t cost = (*above)[j - 1] + replacing_cost(a[i - 1], b[j - 1]);
      cost = std::min({cost, (*above)[j] + edit_cost, (*row)[j - 1] + edit_cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost = std::min(cost, (*before)[j - 2] + edit_cost);
      (*row)[j] = cost;
      least = std::min(least, cost);
    }
    // a swap reaches over one row: both must be too far
    if (least >= limit && least_above >= limit) return limit;
    least_above = least;
    std::swap(before, above);
    std::swap(above, row);
  }
  return (*above)[b.size()];
}

/// Whether the longer name is the shorter one in a further scope ("module.fc1.weight") or spelt out
/// ("fc1.w", "fc1.weight").
constexpr bool extends(std::string_view a, std::string_view b) noexcept {
  auto const [shorter, longer] = a.size() < b.size() ? std::pair(a, b) : std::pair(b, a);
  if (shorter.size() < 3) return false;
  return longer.starts_with(shorter) ||
         (longer.ends_with(shorter) && longer[longer.size() - shorter.size() - 1] == '.');
}

}  // namespace detail

/// The one of `candidates` that is most like `wanted`, or an empty name if none is like it: at most
/// a third of the longer name may differ, unless one name extends the other at its end, or by
/// scopes at its front. Of equally near names the first wins.
/// Names over 256 bytes are not compared, and the search ends after a fixed amount of work, so that
/// a hostile list of names cannot hold it up.
[[nodiscard]] constexpr std::string_view nearest_name(
    std::string_view wanted, std::span<std::string_view const> candidates) {
  constexpr std::size_t most_cells = std::size_t{1} << 22;
  std::string_view nearest;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  std::size_t cells = 0;
  if (wanted.size() > detail::longest_compared) return nearest;
  for (std::string_view const name : candidates) {
    if (name.empty() || name.size() > detail::longest_compared) continue;
    std::size_t const longer = std::max(wanted.size(), name.size());
    std::size_t const allowed = std::max<std::size_t>(longer / 3, 1) * detail::edit_cost;
    std::size_t distance = std::numeric_limits<std::size_t>::max();
    // Extending counts as one and a half edits: a slip of a letter is likelier.
    if (detail::extends(wanted, name)) distance = detail::edit_cost * 3 / 2;
    std::size_t const apart = longer - std::min(wanted.size(), name.size());
    if (apart * detail::edit_cost <= allowed && cells < most_cells) {
      cells += wanted.size() * name.size();
      std::size_t const limit = std::min(allowed + 1, std::min(least, distance));
      std::size_t const edits = detail::name_distance(wanted, name, limit);
      if (edits < limit) distance = edits;
    }
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

/// ` (did you mean 'fc1.weight'?)`, or nothing when no candidate is near.
[[nodiscard]] inline std::string did_you_mean(std::string_view wanted,
                                              std::span<std::string_view const> candidates) {
  std::string_view const nearest = nearest_name(wanted, candidates);
  return nearest.empty() ? std::string() : " (did you mean " + in_quotes(nearest) + "?)";
}

}  // namespace etch::runtime
