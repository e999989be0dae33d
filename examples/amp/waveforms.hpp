#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <etch/runtime/replace_file.hpp>

namespace amp {

/// A signal and how it is drawn.
struct waveform {
  std::string_view name;
  std::string_view colour;
  std::span<float const> samples;
};

/// A picture of signals of equal length: each as a whole, one below the other, and below them the
/// loudest moment of the first one, where all share one pair of axes.
class waveform_picture {
  static constexpr int width = 960, panel = 120, moment_panel = 240, left = 90, right = 20,
                       gap = 24;

 public:
  waveform_picture(std::span<waveform const> of, int rate) : of_(of), rate_(rate) {
    int const height = static_cast<int>(of.size()) * (panel + gap) + moment_panel + 2 * gap;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        "font-family=\"sans-serif\" "
        "font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        width, height);
    int top = gap / 2;
    for (waveform const& each : of) {
      whole(each, top);
      top += panel + gap;
    }
    moment(top);
    text_ += "</svg>\n";
  }

  std::string const& text() const { return text_; }

 private:
  static constexpr int columns = width - left - right;

  template <class... Values>
  void add(char const* format, Values... values) {
    char line[256];
    std::snprintf(line, sizeof line, format, values...);
    text_ += line;
  }

  /// The frame of a panel, and its axis of time from `begin` to `end`.
  void frame(int top, int height, double begin, double end, char const* unit) {
    add("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#bbb\"/>\n",
        left, top, columns, height);
    add("<text x=\"%d\" y=\"%d\" fill=\"#666\">%.4g %s</text>\n", left, top + height + 14, begin,
        unit);
    add("<text x=\"%d\" y=\"%d\" fill=\"#666\" text-anchor=\"end\">%.4g %s</text>\n",
        left + columns, top + height + 14, end, unit);
  }

  void label(waveform const& of, int y) {
    add("<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"end\">%s</text>\n", left - 8, y,
        std::string(of.colour).c_str(), std::string(of.name).c_str());
  }

  /// From the smallest to the largest sample of each column of pixels.
  void whole(waveform const& of, int top) {
    std::size_t const n = of.samples.size();
    frame(top, panel, 0, static_cast<double>(n) / rate_, "s");
    label(of, top + panel / 2);
    add("<path stroke=\"%s\" d=\"", std::string(of.colour).c_str());
    for (int x = 0; x < columns; ++x) {
      std::size_t const begin = n * static_cast<std::size_t>(x) / columns;
      std::size_t const end = std::max(begin + 1, n * static_cast<std::size_t>(x + 1) / columns);
      auto const [low, high] =
          std::minmax_element(of.samples.begin() + static_cast<std::ptrdiff_t>(begin),
                              of.samples.begin() + static_cast<std::ptrdiff_t>(end));
      add("M%d %.1fV%.1f", left + x, y_of(*high, top, panel, 1.0f) - 0.5,
          y_of(*low, top, panel, 1.0f) + 0.5);
    }
    text_ += "\"/>\n";
  }

  /// Twenty milliseconds around the loudest sample, all signals over each other.
  void moment(int top) {
    auto const first = of_.front().samples;
    auto const n = static_cast<std::ptrdiff_t>(first.size());
    auto const loudest = std::max_element(
        first.begin(), first.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
    std::ptrdiff_t const length = std::min<std::ptrdiff_t>(n, rate_ / 50);
    std::ptrdiff_t const begin =
        std::clamp<std::ptrdiff_t>(loudest - first.begin() - length / 4, 0, n - length);
    float range = 0.01f;
    for (waveform const& each : of_)
      for (float y :
           each.samples.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length)))
        range = std::max(range, std::abs(y));
    frame(top, moment_panel, static_cast<double>(begin) * 1e3 / rate_,
          static_cast<double>(begin + length) * 1e3 / rate_, "ms");
    int line = top + 40;
    for (waveform const& each : of_) {
      label(each, line);
      line += 20;
      add("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"%s\" points=\"",
          std::string(each.colour).c_str());
      for (std::ptrdiff_t i = 0; i < length; ++i)
        add("%.1f,%.1f ", left + columns * static_cast<double>(i) / static_cast<double>(length),
            y_of(each.samples[static_cast<std::size_t>(begin + i)], top, moment_panel,
                 1.05f * range));
      text_ += "\"/>\n";
    }
  }

  static double y_of(float sample, int top, int height, float range) {
    float const within = std::clamp(sample / range, -1.0f, 1.0f);
    return top + 0.5 * height * (1 - static_cast<double>(within));
  }

  std::span<waveform const> of_;
  int rate_;
  std::string text_;
};

/// errors  the file cannot be written
inline etch::result<void> write_svg(waveform_picture const& picture, std::string const& path) {
  auto const bytes = std::as_bytes(std::span(picture.text()));
  return etch::runtime::replace_file(path, {&bytes, 1});
}

}  // namespace amp
