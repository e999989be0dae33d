#pragma once

#include <etch/eager/tensor.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ir/graph.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string_view>

namespace etch_test {

/// Uniform numbers; integers are 0 and 1.
inline etch::eager::tensor random_tensor(etch::ir::tensor_type const& type, std::uint64_t seed,
                                         double low = -1, double high = 1) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  etch::eager::tensor made(type);
  etch::ir::visit_dtype(type.dtype, [&]<class T>(std::type_identity<T>) {
    for (T& value : made.values<T>()) {
      if constexpr (std::is_floating_point_v<T>)
        value = static_cast<T>(uniform(random));
      else
        value = static_cast<T>(random() % 2);
    }
  });
  return made;
}

/// A parameter's value, the same for the same name: between -1 and 1, or 0.5 and 1.5 where the name
/// begins with "positive".
inline etch::eager::tensor random_parameter(etch::ir::tensor_type const& type,
                                            std::string_view name, std::uint64_t seed) {
  for (char c : name) seed = seed * 31 + static_cast<unsigned char>(c);
  bool const positive = name.starts_with("positive");
  return random_tensor(type, seed, positive ? 0.5 : -1, positive ? 1.5 : 1);
}

/// The largest difference of two tensors of one type, relative to the largest element (at least 1);
/// infinite where one of them is NaN alone.
inline double difference(etch::eager::tensor const& a, etch::eager::tensor const& b) {
  double worst = 0, size = 1;
  etch::ir::visit_dtype(a.type().dtype, [&]<class T>(std::type_identity<T>) {
    auto const x = a.values<T>(), y = b.values<T>();
    for (std::size_t i = 0; i < x.size(); ++i) {
      auto const p = static_cast<double>(x[i]), q = static_cast<double>(y[i]);
      if (p == q || (std::isnan(p) && std::isnan(q))) continue;
      double const d = std::fabs(p - q);
      if (std::isnan(d)) worst = std::numeric_limits<double>::infinity();
      if (d > worst) worst = d;
      if (std::isfinite(p) && std::fabs(p) > size) size = std::fabs(p);
    }
  });
  return worst / size;
}

}  // namespace etch_test
