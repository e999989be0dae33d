#include "report.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

#include <etch/core/isa.hpp>

#include "processor.hpp"

namespace bench {
namespace {

template <class... Values>
std::string format(char const* how, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), how, values...);
  return text.data();
}

/// Nanoseconds in a unit that fits.
std::string time(double ns) {
  if (ns < 1e3) return format("%.1f ns", ns);
  if (ns < 1e6) return format("%.2f us", ns * 1e-3);
  return format("%.2f ms", ns * 1e-6);
}

/// One flat JSON object.
class json_object {
 public:
  void text(std::string_view key, std::string_view value) {
    add(key);
    text_ += '"';
    for (char const c : value) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    text_ += '"';
  }
  void number(std::string_view key, double value) {
    add(key);
    text_ += std::isfinite(value) ? format("%.6g", value) : std::string("null");
  }
  template <std::integral T>
  void number(std::string_view key, T value) {
    add(key);
    text_ += std::to_string(value);
  }
  std::string str() const { return text_ + '}'; }

 private:
  void add(std::string_view key) {
    text_ += text_.size() > 1 ? ", \"" : "\"";
    text_ += key;
    text_ += "\": ";
  }
  std::string text_ = "{";
};

struct surroundings {
  std::string compiler = compiler_name();
  std::string cpu = processor_name();
  int threads = 1;

  void append_to(json_object& object) const {
    object.number("threads", threads);
    object.text("isa", to_string(etch::compiled_isa));
    object.text("compiler", compiler);
    object.text("cpu", cpu);
  }
};

std::string limit_object(std::string const& name, double value, std::string_view unit,
                         surroundings const& around) {
  json_object object;
  object.text("workload", name);
  object.text("variant", "limit");
  object.number("value", value);
  object.text("unit", unit);
  around.append_to(object);
  return object.str();
}

std::string row_object(row const& r, surroundings const& around) {
  json_object object;
  object.text("workload", r.workload);
  object.text("variant", r.variant);
  object.number("batch", r.batch);
  object.number("p50_ns", r.p50_ns);
  object.number("p99_ns", r.p99_ns);
  object.number("p999_ns", r.p999_ns);
  object.number("min_ns", r.min_ns);
  object.number("batched_ns", r.batched_ns);
  object.number("first_call_ns", r.first_call_ns);
  object.number("calls", r.calls);
  object.number("allocations", r.allocations);
  object.number("flops", r.flops);
  object.number("bytes", r.bytes);
  object.number("working_bytes", r.working_bytes);
  object.number("gflops", r.gflops());
  object.number("floor_ns", r.floor_ns);
  object.number("efficiency", r.efficiency());
  object.text("bound", r.bound);
  object.number("peak_gflops", r.peak_gflops);
  object.number("max_error", r.max_error);
  around.append_to(object);
  return object.str();
}

}  // namespace

std::string limits_text(limits const& here) {
  std::string text =
      format("%s, %s, built by %s\n", processor_name().c_str(),
             std::string(to_string(etch::compiled_isa)).c_str(), compiler_name().c_str());
  text += format("one core: %.1f GFLOP/s (double %.1f); reads", here.peak_f32, here.peak_f64);
  for (memory_level const& level : here.levels)
    text += format(" %.*s %.1f", static_cast<int>(level.name.size()), level.name.data(),
                   level.bytes_per_ns);
  return text + " GB/s\n";
}

std::string table_head() {
  return format("\n%-20s %-9s %5s %11s %11s %11s %9s %7s %-8s %6s %9s\n", "workload", "", "batch",
                "p50", "p99", "first call", "GFLOP/s", "of best", "bound", "mallocs", "error");
}

std::string table_line(row const& r) {
  std::string const gflops = r.flops > 0 ? format("%.1f", r.gflops()) : std::string("-");
  std::string const error = r.variant != "eager" ? format("%.1e", r.max_error) : std::string();
  return format("%-20s %-9s %5d %11s %11s %11s %9s %6.1f%% %-8s %7zu %9s\n", r.workload.c_str(),
                std::string(r.variant).c_str(), r.batch, time(r.p50_ns).c_str(),
                time(r.p99_ns).c_str(), time(r.first_call_ns).c_str(), gflops.c_str(),
                100 * r.efficiency(), std::string(r.bound).c_str(), r.allocations, error.c_str());
}

void write_json(std::ostream& to, limits const& here, std::span<row const> rows, int threads) {
  surroundings around;
  around.threads = threads;
  to << "[\n" << limit_object("peak_gflops", here.peak_f32, "GFLOP/s", around);
  to << ",\n" << limit_object("peak_gflops_f64", here.peak_f64, "GFLOP/s", around);
  for (memory_level const& level : here.levels)
    to << ",\n"
       << limit_object("read_" + std::string(level.name), level.bytes_per_ns, "GB/s", around);
  for (row const& r : rows) to << ",\n" << row_object(r, around);
  to << "\n]\n";
}

}  // namespace bench
