#include "random_numbers.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <etch/core/hash_index.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/ir/dtype_visit.hpp>

namespace bench {
namespace {

namespace ir = etch::ir;

/// xorshift64*: the same numbers with every standard library.
class generator {
 public:
  explicit generator(std::uint64_t seed) : state_(seed | 1) {}
  /// In [0, 1).
  double operator()() noexcept {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<double>((state_ * 0x2545F4914F6CDD1Dull) >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t state_;
};

struct interval {
  double low = -1;
  double high = 1;
};

/// Where the numbers of a parameter lie.
interval range_of(std::string_view name, ir::shape const& shape) {
  if (name.ends_with("running_var")) return {0.5, 1.5};
  if (shape.rank < 2) return name.ends_with("weight") ? interval{0.8, 1.2} : interval{-0.1, 0.1};
  double const inputs = static_cast<double>(shape.product(1, shape.rank));
  double const most = std::sqrt(3 / inputs);
  return {-most, most};
}

void fill(void* to, ir::tensor_type const& type, std::uint64_t seed, interval in) {
  generator next(seed);
  ir::visit_dtype(type.dtype, [&]<class T>(std::type_identity<T>) {
    std::span<T> const numbers(static_cast<T*>(to), static_cast<std::size_t>(type.elements()));
    for (T& each : numbers) {
      if constexpr (std::is_floating_point_v<T>)
        each = static_cast<T>(in.low + (in.high - in.low) * next());
      else
        each = static_cast<T>(16 * next());
    }
  });
}

void append_entry(std::string& header, std::string_view name, ir::tensor_type const& type,
                  std::size_t begin) {
  header.append(header.size() > 1 ? ",\"" : "\"").append(name).append("\":{\"dtype\":\"");
  header.append(type.dtype == ir::dtype::f64 ? "F64" : "F32").append("\",\"shape\":[");
  for (int i = 0; i < type.rank(); ++i)
    header.append(i > 0 ? "," : "").append(std::to_string(type.shape[i]));
  std::size_t const end = begin + static_cast<std::size_t>(type.bytes());
  header.append("],\"data_offsets\":[").append(std::to_string(begin));
  header.append(",").append(std::to_string(end)).append("]}");
}

}  // namespace

std::vector<std::byte> random_weights(ir::graph const& model) {
  std::string header = "{";
  std::size_t data_bytes = 0;
  for (ir::node_id id = 0; id < model.size(); ++id) {
    if (!ir::is(model[id], ir::parameter_op)) continue;
    append_entry(header, model.name_of(id), model[id].type, data_bytes);
    data_bytes += static_cast<std::size_t>(model[id].type.bytes());
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');

  std::vector<std::byte> file(8 + header.size() + data_bytes);
  for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<std::byte>(header.size() >> 8 * i);
  std::memcpy(file.data() + 8, header.data(), header.size());
  std::byte* to = file.data() + 8 + header.size();
  for (ir::node_id id = 0; id < model.size(); ++id) {
    if (!ir::is(model[id], ir::parameter_op)) continue;
    auto const name = model.name_of(id);
    fill(to, model[id].type, etch::core::hash_text(name), range_of(name, model[id].type.shape));
    to += model[id].type.bytes();
  }
  return file;
}

random_inputs::random_inputs(ir::graph const& model) {
  for (std::size_t i = 0; i < model.inputs.size(); ++i) {
    ir::tensor_type const& type = model[model.inputs[i]].type;
    memory_.emplace_back(static_cast<std::size_t>(type.bytes()));
    fill(memory_.back().data(), type, 0x9E3779B97F4A7C15ull * (i + 1), {});
  }
}

}  // namespace bench
