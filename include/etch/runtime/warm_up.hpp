#pragma once

#include <cfenv>
#include <cstdint>

namespace etch::runtime {

/// Models of so many FLOPs at most, a fraction of a millisecond, are called once where they are set
/// up: their first call would else take several times as long as the next, for code and memory that
/// nothing has touched yet.
inline constexpr std::int64_t most_flops_to_warm_up = 20'000'000;

/// While it lives, floating-point exceptions of this thread do not trap; the flags that they leave
/// are gone with it. For calls that nobody asked for.
class untrapped {
 public:
  untrapped() noexcept { std::feholdexcept(&before_); }
  ~untrapped() { std::fesetenv(&before_); }
  untrapped(untrapped const&) = delete;
  untrapped& operator=(untrapped const&) = delete;

 private:
  std::fenv_t before_;
};

}  // namespace etch::runtime
