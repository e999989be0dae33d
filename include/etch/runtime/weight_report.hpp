#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/ir/dtype.hpp>
#include <etch/runtime/convert_weights.hpp>
#include <etch/runtime/problem_list.hpp>
#include <etch/runtime/safetensors.hpp>
#include <etch/runtime/suggest.hpp>

namespace etch::runtime {

/// A parameter that a model reads.
struct wanted_weight {
  std::string_view name;
  ir::dtype type;
  std::span<std::int64_t const> shape;
  bool may_be_missing = false;  ///< the model names it, and needs nothing of it
};

/// Tensors of the file that the model does not read.
enum class extra_tensors : unsigned char { refuse, ignore };

/// What `match_weights` lets pass.
struct weight_policy {
  extra_tensors extra = extra_tensors::refuse;
  bool may_widen = true;    ///< f16 and bf16 for f32 or f64, f32 for f64: exact
  bool may_round = false;   ///< f64 for f32
  bool refuse_nan = false;  ///< reads all of the data
};

namespace detail {

[[nodiscard]] constexpr bool may_convert(conversion way, weight_policy const& policy) noexcept {
  return way == conversion::copy || (way == conversion::exact && policy.may_widen) ||
         (way == conversion::rounds && policy.may_round);
}

inline void check_weight(wanted_weight const& wanted, stored_tensor const& found,
                         weight_policy const& policy, problem_list& problems) {
  bool const same_shape =
      std::equal(wanted.shape.begin(), wanted.shape.end(), found.shape.begin(), found.shape.end());
  auto const way = conversion_between(found.type.type, wanted.type);
  bool const type_fits = may_convert(way, policy);
  if (!same_shape || !type_fits) {
    std::string text = in_quotes(found.name) + " is " + describe(found.type, found.shape);
    if (!found.type.type) text += ", a dtype that etch does not have";
    text += ", the model reads " + describe(storage_of(wanted.type), wanted.shape);
    if (!type_fits && way == conversion::exact) text += " (widening is not allowed)";
    if (!type_fits && way == conversion::rounds) text += " (rounding is not allowed)";
    problems.add(found.type.type ? errc::mismatch : errc::unsupported, std::move(text));
    return;
  }
  std::size_t const nan_count = policy.refuse_nan ? count_nan(found) : 0;
  if (nan_count > 0)
    problems.add(errc::mismatch, in_quotes(found.name) + " holds " + std::to_string(nan_count) +
                                     " NaN among " + std::to_string(found.elements()) +
                                     " elements");
}

}  // namespace detail

/// Finds each wanted parameter in the file: found[i] is the tensor for wanted[i], to be read with
/// `convert_to(*found[i], wanted[i].type, ...)`, and points into `file`.
/// errors  all in one text: a parameter is missing (with the nearest name among the tensors that
///         nobody reads), has another shape or a dtype that the policy does not let pass, or holds
///         NaN; a tensor of the file is not read
[[nodiscard]] inline result<std::vector<stored_tensor const*>> match_weights(
    safetensors const& file, std::span<wanted_weight const> wanted, weight_policy policy = {}) {
  std::vector<stored_tensor const*> found;
  std::vector<bool> is_read(file.tensors().size(), false);
  for (wanted_weight const& weight : wanted) {
    stored_tensor const* tensor = file.find(weight.name);
    found.push_back(tensor);
    if (tensor) is_read[static_cast<std::size_t>(tensor - file.tensors().data())] = true;
  }
  std::vector<std::string_view> extra;
  for (std::size_t i = 0; i < is_read.size(); ++i)
    if (!is_read[i]) extra.push_back(file.tensors()[i].name);

  problem_list problems;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (found[i]) {
      detail::check_weight(wanted[i], *found[i], policy, problems);
      continue;
    }
    if (wanted[i].may_be_missing) continue;
    std::string text = in_quotes(wanted[i].name) + " is missing, the model reads " +
                       describe(storage_of(wanted[i].type), wanted[i].shape);
    if (!problems.full()) text += did_you_mean(wanted[i].name, extra);
    problems.add(errc::mismatch, std::move(text));
  }
  if (policy.extra == extra_tensors::refuse)
    for (std::string_view name : extra) {
      stored_tensor const& tensor = *file.find(name);
      problems.add(errc::mismatch, in_quotes(name) + " is " + describe(tensor.type, tensor.shape) +
                                       ", the model does not read it");
    }
  if (!problems.empty()) return problems.to_error("load", file.name());
  return found;
}

}  // namespace etch::runtime

namespace etch {
using runtime::extra_tensors;
using runtime::match_weights;
using runtime::wanted_weight;
using runtime::weight_policy;
}  // namespace etch
