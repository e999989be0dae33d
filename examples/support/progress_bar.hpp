#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace support {

/// A bar on stderr that fills: redrawn in place on a terminal, a line for each quarter elsewhere.
class progress_bar {
 public:
  explicit progress_bar(std::string_view what) : what_(what) {}

  /// `share` goes from 0 to 1; at 1 the line ends.
  void operator()(double share) {
    int const percent = static_cast<int>(share * 100.0 + 0.5);
    if (percent <= shown_) return;
    if (is_terminal()) {
      constexpr int width = 40;
      int const filled = percent * width / 100;
      std::string const bar = std::string(static_cast<std::size_t>(filled), '#') +
                              std::string(static_cast<std::size_t>(width - filled), '.');
      std::fprintf(stderr, "\r%-16s [%s] %3d %%  %.1f s%s", what_.c_str(), bar.c_str(), percent,
                   seconds(), percent >= 100 ? "\n" : "");
      std::fflush(stderr);
    } else if (percent / 25 > shown_ / 25) {
      std::fprintf(stderr, "%-16s %3d %%  %.1f s\n", what_.c_str(), percent / 25 * 25, seconds());
    }
    shown_ = percent;
  }

 private:
  static bool is_terminal() {
#if __has_include(<unistd.h>)
    return ::isatty(STDERR_FILENO) != 0;
#else
    return false;
#endif
  }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  std::string what_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int shown_ = 0;
};

}  // namespace support
