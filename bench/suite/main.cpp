#include <cstdio>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "families.hpp"
#include "limits.hpp"
#include "measure.hpp"
#include "options.hpp"
#include "processor.hpp"
#include "report.hpp"
#include "sibling.hpp"
#include "threads.hpp"
#include "timer.hpp"

namespace {

std::vector<bench::workload> chosen_workloads(std::string const& filter) {
  std::regex const wanted(filter);
  std::vector<bench::workload> chosen;
  for (bench::workload const& each : bench::all_workloads()) {
    if (std::regex_search(each.name, wanted)) chosen.push_back(each);
  }
  return chosen;
}

void print_list(std::vector<bench::workload> const& workloads) {
  for (bench::workload const& each : workloads) {
    std::printf("%s", each.name.c_str());
    if (!each.left_out.empty()) std::printf(" (left out: %s)", std::string(each.left_out).c_str());
    std::printf("\n");
  }
}

/// Prints each row when it is there. False where one is wrong.
bool run(bench::options const& how, std::vector<bench::workload> const& workloads,
         std::vector<bench::row>& rows, bench::limits& here) {
  if (how.threads == 1) bench::claim_core();
  etch::flush_denormals const during_all_calls;
  bench::threads const threads(how.threads);
  bench::timer const clock;
  std::fprintf(stderr, "etch_bench: measuring the limits of one core\n");
  here = bench::measure_limits(clock);
  std::printf("%s", (limits_text(here) + bench::table_head()).c_str());
  bool right = true;
  std::size_t number = 0;
  for (bench::workload const& each : workloads) {
    std::fprintf(stderr, "etch_bench: %zu of %zu: %s\n", ++number, workloads.size(),
                 each.name.c_str());
    if (!each.left_out.empty()) continue;
    for (bench::row const& r : measure(each, here, clock, how.seconds, threads.ref())) {
      std::printf("%s", table_line(r).c_str());
      std::fflush(stdout);
      rows.push_back(r);
      if (r.max_error <= bench::most_error(each.is_double)) continue;
      std::fprintf(stderr, "etch: bench: %s of %s is wrong: it differs from eager by %.2g\n",
                   std::string(r.variant).c_str(), each.name.c_str(), r.max_error);
      right = false;
    }
  }
  return right;
}

int fail(std::string const& why, int code) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return code;
}

}  // namespace

int main(int count, char** arguments) try {
  auto const how = bench::parse_options(count, arguments);
  if (!how) return fail(how.error().text, 2);
  if (how->help) return std::fputs(std::string(bench::usage).c_str(), stdout) < 0;
  if (how->set != etch::compiled_isa)
    return fail(bench::become_sibling(how->set, arguments).text, 2);

  auto const workloads = chosen_workloads(how->filter);
  if (workloads.empty())
    return fail("etch: bench: no workload has '" + how->filter + "' in its name, see --list", 2);
  if (how->list) return print_list(workloads), 0;

  std::ofstream json;
  if (!how->json.empty()) {
    json.open(how->json);
    if (!json) return fail("etch: bench: cannot write '" + how->json + "'", 2);
  }
  std::vector<bench::row> rows;
  bench::limits here;
  bool const right = run(*how, workloads, rows, here);
  if (json.is_open()) {
    write_json(json, here, rows, how->threads);
    json.close();
    if (!json) return fail("etch: bench: cannot write '" + how->json + "'", 1);
  }
  return right ? 0 : 1;
} catch (std::exception const& why) {
  return fail(why.what(), 1);
}
