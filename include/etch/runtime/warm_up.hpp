#pragma once

#include <cfenv>
#include <cstdint>

namespace etch::runtime {

/// How often a model of so many FLOPs and bytes is called where it is set up, if it is small: a
/// fraction of a millisecond in all. Its first call would else take several times as long as the
/// next, for code and memory that nothing has touched yet and branches that nobody has seen. (Wide
/// vector units that fall asleep within microseconds wake up again in any call behind a pause.)
constexpr int calls_to_warm_up(std::int64_t flops, std::int64_t bytes) noexcept {
  constexpr std::int64_t most_flops = 20'000'000, enough = 1'000'000, most_calls = 16;
  if (flops > most_flops) return 0;
  std::int64_t const work = flops + bytes;
  if (work * most_calls <= enough) return most_calls;
  return work < enough ? static_cast<int>(enough / work) : 1;
}

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
