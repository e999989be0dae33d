#include "sibling.hpp"

#include <filesystem>
#include <string>

#include <etch/kernels/simd/detect_isa.hpp>

#if defined(__unix__)
#include <unistd.h>
#endif

namespace bench {

etch::error become_sibling(etch::isa set, char** arguments) {
  std::string const name(to_string(set));
  auto const refuse = [](std::string const& what) {
    return etch::error{etch::errc::unsupported, "etch: bench: --isa " + what, "command line"};
  };
  if (!etch::simd::runs_here(set)) return refuse(name + ": this processor does not run it");
  std::error_code code;
  auto const own = std::filesystem::read_symlink("/proc/self/exe", code);
  auto const program = (own.parent_path() / ("etch_bench_" + name)).string();
#if defined(__unix__)
  if (!code) execv(program.c_str(), arguments);
#else
  static_cast<void>(arguments);
#endif
  return refuse(name + ": this program is built for " + std::string(to_string(etch::compiled_isa)) +
                ", and '" + program + "' is not there: build the target etch_bench_" + name);
}

}  // namespace bench
