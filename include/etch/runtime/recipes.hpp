#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <etch/ir/dtype_visit.hpp>
#include <etch/plan/load_plan.hpp>
#include <etch/runtime/weight_report.hpp>

namespace etch::runtime {

/// The parameters that a model reads, in the order of its recipes.
inline std::vector<wanted_weight> wanted_by(plan::load_view const& of) {
  std::vector<wanted_weight> wanted;
  for (plan::load_step const& s : of.steps) {
    if (s.what != plan::load_step::kind::parameter) continue;
    wanted.push_back({of.name_of(s),
                      s.type.dtype,
                      {s.type.shape.extents.data(), static_cast<std::size_t>(s.type.rank())},
                      !s.is_read});
  }
  return wanted;
}

namespace detail {

inline void write_literal(plan::load_step const& s, std::int64_t const* words, std::byte* to) {
  ir::visit_dtype(s.type.dtype, [&]<class T>(std::type_identity<T>) {
    for (std::int64_t i = 0; i < s.type.elements(); ++i) {
      double const value = std::bit_cast<double>(words[s.words.count == 1 ? 0 : i]);
      T const narrow = static_cast<T>(value);
      std::memcpy(to + static_cast<std::size_t>(i) * sizeof(T), &narrow, sizeof(T));
    }
  });
}

/// Denormal weights are as good as zero, and no step shall find one.
inline void flush_weights(ir::tensor_type const& type, std::byte* data) {
  ir::visit_dtype<true>(type.dtype, [&]<class T>(std::type_identity<T>) {
    T* const values = reinterpret_cast<T*>(data);
    for (std::int64_t i = 0; i < type.elements(); ++i) {
      T const size = values[i] < T(0) ? -values[i] : values[i];
      if (size < std::numeric_limits<T>::min()) values[i] = T(0);
    }
  });
}

}  // namespace detail

/// Computes all that depends on weights alone and leaves what steps read in `block`. `found` are
/// the file's tensors for `wanted_by(of)`, in order, already checked against it.
inline result<void> run_recipes(plan::load_view const& of,
                                std::span<stored_tensor const* const> found, std::byte* block) {
  std::vector<std::vector<std::int64_t>> temporary(of.steps.size());  // aligned to 8 bytes
  std::vector<ir::tensor_ref> values(of.steps.size());
  std::size_t next_parameter = 0;
  for (std::size_t i = 0; i < of.steps.size(); ++i) {
    plan::load_step const& s = of.steps[i];
    if (!s.is_read) {
      ++next_parameter;
      continue;
    }
    auto const bytes = static_cast<std::size_t>(s.type.bytes());
    std::byte* to = block + s.weights_offset;
    if (s.weights_offset < 0) {
      temporary[i].resize((bytes + 7) / 8);
      to = reinterpret_cast<std::byte*>(temporary[i].data());
    }
    values[i] = {to, s.type};
    std::int64_t const* words = of.words.data() + s.words.first;
    if (s.what == plan::load_step::kind::parameter) {
      auto done = convert_to(*found[next_parameter++], s.type.dtype, {to, bytes});
      if (!done) return done;
    } else if (s.what == plan::load_step::kind::constant) {
      detail::write_literal(s, words, to);
    } else {
      std::vector<ir::tensor_ref> operands;
      for (int k = 0; k < s.operands.count; ++k)
        operands.push_back(values[static_cast<std::size_t>(
            of.operands[static_cast<std::size_t>(s.operands.first + k)])]);
      s.reference(operands, values[i], words);
    }
    if (s.weights_offset >= 0) detail::flush_weights(s.type, to);
  }
  return {};
}

}  // namespace etch::runtime
