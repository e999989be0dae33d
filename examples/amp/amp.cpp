// A guitar amplifier that a net has learned, as the callback of an audio program. Usage: see
// options.hpp.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "amp/options.hpp"
#include "amp/processor.hpp"
#include "amp/wave_file.hpp"
#include "amp/waveforms.hpp"

namespace {

using clock_type = std::chrono::steady_clock;

/// Calls the callback block by block, as an audio driver does; returns what each call took, in ns.
std::vector<double> play(amp::processor& through, std::span<float const> in, std::span<float> out,
                         int block) {
  std::vector<double> took;
  took.reserve(in.size() / static_cast<std::size_t>(block) + 1);
  for (std::size_t at = 0; at < in.size();) {
    int const frames =
        static_cast<int>(std::min<std::size_t>(in.size() - at, static_cast<std::size_t>(block)));
    auto const start = clock_type::now();
    through.process(in.data() + at, out.data() + at, frames);
    took.push_back(std::chrono::duration<double, std::nano>(clock_type::now() - start).count());
    at += static_cast<std::size_t>(frames);
  }
  return took;
}

/// The smallest number that is not below `share` of all.
double quantile(std::vector<double>& of, double share) {
  auto const at =
      of.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(of.size() - 1));
  std::nth_element(of.begin(), at, of.end());
  return *at;
}

void report_speed(amp::processor& through, std::span<float const> in, int block) {
  std::vector<float> out(in.size());
  std::vector<double> passes, calls;
  auto const start = clock_type::now();
  do {
    through.reset();
    auto const took = play(through, in, out, block);
    passes.push_back(std::accumulate(took.begin(), took.end(), 0.0) /
                     static_cast<double>(in.size()));
    calls.insert(calls.end(), took.begin(), took.end());
  } while (clock_type::now() - start < std::chrono::seconds(1));
  double const sample_ns = quantile(passes, 0.5);
  std::printf("%.1f ns a sample, %.2f %% of a core at %d Hz\n", sample_ns,
              sample_ns * samples_per_second * 1e-7, samples_per_second);
  std::printf("99.9 %% of the calls took at most %.1f us, a block of %d lasts %.1f us\n",
              quantile(calls, 0.999) * 1e-3, block, block * 1e6 / samples_per_second);
}

/// The power of the difference as a share of the power of what is wanted.
double error_to_signal(std::span<float const> found, std::span<float const> wanted) {
  double error = 0, signal = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    double const w = static_cast<double>(wanted[i]);
    error += (static_cast<double>(found[i]) - w) * (static_cast<double>(found[i]) - w);
    signal += w * w;
  }
  return error / signal;
}

/// The samples of the WAV to compare with; none if there is no such WAV.
std::vector<float> read_target(std::string const& path, std::size_t length) {
  if (path.empty()) return {};
  auto samples = amp::read_wav(path, samples_per_second).value_or_throw();
  if (samples.size() != length)
    etch::raise({etch::errc::mismatch,
                 "etch: amp: --target '" + path + "' has " + std::to_string(samples.size()) +
                     " samples, --in has " + std::to_string(length),
                 path});
  if (std::all_of(samples.begin(), samples.end(), [](float y) { return y == 0; }))
    etch::raise({etch::errc::mismatch,
                 "etch: amp: --target '" + path + "' is silent, no error is a share of that",
                 path});
  return samples;
}

void run(amp::options const& wanted) {
  auto const in = amp::read_wav(wanted.in, samples_per_second).value_or_throw();
  auto const target = read_target(wanted.target, in.size());
  auto const weights = etch::load<AmpNet>(wanted.weights);
  amp::processor through(weights);

  std::vector<float> out(in.size());
  play(through, in, out, wanted.block);
  amp::write_wav(wanted.out, out, samples_per_second).value_or_throw();
  std::printf("%s: %.2f s, for %s\n", wanted.out.c_str(),
              static_cast<double>(in.size()) / samples_per_second,
              std::string(to_string(weights.set())).c_str());
  report_speed(through, in, wanted.block);
  if (!target.empty()) {
    double const error = error_to_signal(out, target);
    std::printf("error to signal %.5f (%.1f dB); of the guitar itself %.5f\n", error,
                10 * std::log10(error), error_to_signal(in, target));
  }

  std::vector<amp::waveform> shown{{"guitar", "#888888", in}, {"net", "#1f6fb4", out}};
  if (!target.empty()) shown.push_back({"formulas", "#d95f02", target});
  write_svg(amp::waveform_picture(shown, samples_per_second), wanted.svg).value_or_throw();
  std::printf("%s: the waveforms\n", wanted.svg.c_str());
}

}  // namespace

int main(int count, char** arguments) {
  auto const wanted = amp::parse_options(count, arguments);
  if (!wanted) {
    std::fprintf(stderr, "%s\n\n%s", wanted.error().text.c_str(), amp::usage.data());
    return 2;
  }
  if (wanted->help) {
    std::printf("%s", amp::usage.data());
    return 0;
  }
  try {
    run(*wanted);
  } catch (std::exception const& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
