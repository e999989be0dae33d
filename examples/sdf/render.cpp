// The main example: a picture whose every distance is asked of a net. Usage: see options.hpp.
#include <cstdio>
#include <exception>
#include <string>

#include <etch/runtime/explain.hpp>

#include "sdf/comparison.hpp"
#include "sdf/options.hpp"
#include "sdf/picture.hpp"
#include "sdf/png.hpp"
#include "support/progress_bar.hpp"

namespace {

void render(sdf::options const& wanted, etch::weights<DistanceNet> const& weights) {
  sdf::distance_field field(weights);
  sdf::renderer with(field);
  sdf::picture picture(wanted.width, wanted.height);
  support::progress_bar progress("rendering");
  sdf::draw(picture, with, [&](double share) { progress(0.55 * share); });
  sdf::smooth_edges(picture, with, [&](double share) { progress(0.55 + 0.45 * share); });
  progress(1.0);
  sdf::write_png(picture, wanted.out).value_or_throw();
  std::printf("%s: %d x %d pixels, the net asked for %.1f million points, for %s\n\n",
              wanted.out.c_str(), wanted.width, wanted.height,
              static_cast<double>(field.points()) * 1e-6,
              std::string(to_string(weights.set())).c_str());
}

}  // namespace

int main(int count, char** arguments) {
  auto const wanted = sdf::parse_options(count, arguments);
  if (!wanted) {
    std::fprintf(stderr, "%s\n\n%s", wanted.error().text.c_str(), sdf::usage.data());
    return 2;
  }
  if (wanted->help) {
    std::printf("%s", sdf::usage.data());
    return 0;
  }
  try {
    auto const file = etch::safetensors::open(wanted->weights).value_or_throw();
    auto const weights = etch::weights<DistanceNet>::from(file).value_or_throw();
    render(*wanted, weights);
    etch::print<DistanceNet>({.traced = false, .optimised = false});
    std::printf("\n");
    sdf::print_comparison(file);
  } catch (std::exception const& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
