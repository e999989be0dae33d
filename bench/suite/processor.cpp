#include "processor.hpp"

#include <fstream>

#if defined(__linux__)
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace bench {

void claim_core() noexcept {
#if defined(__linux__)
  if (int const core = sched_getcpu(); core >= 0) {
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(static_cast<std::size_t>(core), &only);
    sched_setaffinity(0, sizeof only, &only);
  }
  setpriority(PRIO_PROCESS, 0, -20);
#endif
}

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    auto const colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string compiler_name() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + '.' + std::to_string(__clang_minor__) + '.' +
         std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  return "gcc " + std::to_string(__GNUC__) + '.' + std::to_string(__GNUC_MINOR__) + '.' +
         std::to_string(__GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

cache_sizes caches() noexcept {
  cache_sizes found;
#if defined(_SC_LEVEL1_DCACHE_SIZE)
  auto const ask = [](int what, std::size_t& size) {
    if (long const bytes = sysconf(what); bytes > 0) size = static_cast<std::size_t>(bytes);
  };
  ask(_SC_LEVEL1_DCACHE_SIZE, found.l1);
  ask(_SC_LEVEL2_CACHE_SIZE, found.l2);
  ask(_SC_LEVEL3_CACHE_SIZE, found.l3);
#endif
  return found;
}

}  // namespace bench
