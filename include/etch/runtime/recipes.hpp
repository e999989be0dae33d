#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <etch/ir/builtin.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/plan/plan.hpp>
#include <etch/runtime/weight_report.hpp>

namespace etch::runtime {

/// The load-time part of a plan.
struct recipe_book {
  std::span<plan::recipe const> recipes;
  std::span<plan::location const> locations;
  std::span<std::int64_t const> words;
  std::span<char const> text;

  std::string_view name_of(plan::recipe const& r) const {
    return {text.data() + r.name.first, static_cast<std::size_t>(r.name.count)};
  }
  static bool is_parameter(plan::recipe const& r) { return r.op == &ir::parameter_op; }
};

/// The parameters that a model reads, in the order of its recipes.
inline std::vector<wanted_weight> wanted_by(recipe_book const& book) {
  std::vector<wanted_weight> wanted;
  for (plan::recipe const& r : book.recipes) {
    if (!recipe_book::is_parameter(r)) continue;
    wanted.push_back({book.name_of(r),
                      r.type.dtype,
                      {r.type.shape.extents.data(), static_cast<std::size_t>(r.type.rank())}});
  }
  return wanted;
}

namespace detail {

inline void write_literal(plan::recipe const& r, std::int64_t const* words, std::byte* to) {
  ir::visit_dtype(r.type.dtype, [&]<class T>(std::type_identity<T>) {
    for (std::int64_t i = 0; i < r.type.elements(); ++i) {
      double const value = std::bit_cast<double>(words[r.words.count == 1 ? 0 : i]);
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
/// the file's tensors for `wanted_by(book)`, in order, already checked against it.
inline result<void> run_recipes(recipe_book const& book,
                                std::span<stored_tensor const* const> found, std::byte* block) {
  std::vector<std::vector<std::int64_t>> temporary(book.recipes.size());  // aligned to 8 bytes
  std::vector<ir::tensor_ref> values(book.recipes.size());
  std::size_t next_parameter = 0;
  for (std::size_t i = 0; i < book.recipes.size(); ++i) {
    plan::recipe const& r = book.recipes[i];
    auto const bytes = static_cast<std::size_t>(r.type.bytes());
    std::byte* to = block + r.weights_offset;
    if (r.weights_offset < 0) {
      temporary[i].resize((bytes + 7) / 8);
      to = reinterpret_cast<std::byte*>(temporary[i].data());
    }
    values[i] = {to, r.type};
    std::int64_t const* words = book.words.data() + r.words.first;
    if (recipe_book::is_parameter(r)) {
      auto done = convert_to(*found[next_parameter++], r.type.dtype, {to, bytes});
      if (!done) return done;
    } else if (r.op == &ir::constant_op) {
      detail::write_literal(r, words, to);
    } else {
      std::vector<ir::tensor_ref> operands;
      for (int k = 0; k < r.operands.count; ++k)
        operands.push_back(values[static_cast<std::size_t>(
            book.locations[static_cast<std::size_t>(r.operands.first + k)].offset)]);
      r.op->reference(operands, values[i], words);
    }
    if (r.weights_offset >= 0) detail::flush_weights(r.type, to);
  }
  return {};
}

}  // namespace etch::runtime
