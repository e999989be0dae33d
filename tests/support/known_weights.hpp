#pragma once

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <etch/runtime/weights.hpp>

#include "support/evaluate_graph.hpp"
#include "support/weights_bytes.hpp"

namespace etch_test {

/// A weights file in memory for a model: the numbers that `evaluate` gives its parameters.
template <class Model>
std::string weights_file() {
  etch::plan::load_view const plan = Model::net::load;
  std::string header = "{", data;
  for (etch::plan::load_step const& r : plan.steps) {
    if (r.what != etch::plan::load_step::kind::parameter) continue;
    auto const name = plan.name_of(r);
    value const numbers = random_value(r.type, etch::core::hash_text(name), name.ends_with("var"));
    std::string shape;
    for (int i = 0; i < r.type.rank(); ++i)
      shape += (i ? "," : "") + std::to_string(r.type.shape[i]);
    auto const bytes = static_cast<std::size_t>(r.type.bytes());
    if (header.size() > 1) header += ',';
    header += '"' + std::string(name) + "\":{\"dtype\":\"" +
              (r.type.dtype == ir::dtype::f64 ? "F64" : "F32") + "\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(data.size()) + ',' +
              std::to_string(data.size() + bytes) + "]}";
    data.append(static_cast<char const*>(numbers.ref().data), bytes);
  }
  header += '}';
  while (header.size() % 8 != 0) header += ' ';
  std::string file = weights_bytes(header);
  return file + data;
}

template <class Model>
etch::weights<Model> known_weights() {
  std::string const file = weights_file<Model>();
  return etch::load<Model>(as_bytes(file), "known");
}

/// The elements of a value as C++ numbers.
template <class T>
std::span<T const> numbers_of(value const& v) {
  return {v.ref().as<T const>(), static_cast<std::size_t>(v.type.elements())};
}
template <class T, std::size_t N>
std::span<T const, N> numbers_of(value const& v) {
  return std::span<T const, N>(v.ref().as<T const>(), N);
}

/// True where what a session returned is what the graph as written means.
template <class View>
bool agrees(View const& found, value const& expected, double tolerance = 1e-5) {
  value copy(View::type);
  std::memcpy(copy.ref().data, found.data(), static_cast<std::size_t>(View::type.bytes()));
  return difference(expected, copy) <= tolerance;
}

}  // namespace etch_test
