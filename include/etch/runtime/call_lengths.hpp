#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <etch/core/result.hpp>
#include <etch/front/bounded.hpp>
#include <etch/front/signature.hpp>
#include <etch/front/trace.hpp>
#include <etch/ir/extent_text.hpp>
#include <etch/plan/plan.hpp>
#include <etch/plan/row_limit.hpp>

namespace etch::runtime {

namespace detail {

/// Which input tells a dim: one whose other dims are told before it.
struct teller {
  std::size_t input = 0;
  int dim = 0;
};
struct telling_order {
  std::array<teller, 8> by{};
  std::size_t count = 0;
};

/// Whether no term has a dim more than once.
constexpr bool is_linear(extent const& of, extent::dim const& in) {
  for (int t = 0; t < of.term_count; ++t) {
    for (int d = 0; d < of.dim_count; ++d) {
      if (of.dims[static_cast<std::size_t>(d)] == in &&
          of.terms[static_cast<std::size_t>(t)].powers[static_cast<std::size_t>(d)] > 1)
        return false;
    }
  }
  return true;
}

template <std::size_t Inputs>
constexpr telling_order order_of(front::dim_list const& dims,
                                 std::array<extent, Inputs> const& elements) {
  telling_order order;
  std::array<bool, 8> told{};
  for (int round = 0; round < dims.count; ++round) {
    for (std::size_t i = 0; i < Inputs; ++i) {
      int open = 0, last = 0;
      for (int d = 0; d < elements[i].dim_count; ++d) {
        int const number = dims.number_of(elements[i].dims[static_cast<std::size_t>(d)]);
        if (told[static_cast<std::size_t>(number)]) continue;
        ++open;
        last = number;
      }
      if (open != 1 || !is_linear(elements[i], dims.dims[static_cast<std::size_t>(last)])) continue;
      told[static_cast<std::size_t>(last)] = true;
      order.by[order.count++] = {i, last};
    }
  }
  return order;
}

}  // namespace detail

/// The lengths of a call, from the sizes of its inputs: each dim is told by one
/// input, then all inputs are compared with what the dims make of them.
template <class... A>
class call_lengths {
 public:
  static constexpr front::dim_list dims = front::dims_of(front::types<A...>{});
  static constexpr auto dim_count = static_cast<std::size_t>(dims.count);

  /// errors  a dim that is 0 or above its bound; numbers that are no whole rows; inputs that do not
  ///         fit together; an expression that is no whole number; fewer rows than a slice or a
  ///         window takes
  template <std::size_t Limits>
  result<void> take(std::array<std::span<std::byte const>, sizeof...(A)> const& inputs,
                    std::array<plan::row_limit, Limits> const& limits) {
    constexpr std::array bytes{size_of(A::type.dtype)...};
    std::array<std::size_t, sizeof...(A)> sizes{};
    for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] = inputs[i].size() / bytes[i];
    for (std::size_t i = 0; i < found.count; ++i) {
      detail::teller const& by = found.by[i];
      if (auto told = tell(by, sizes[by.input]); !told) return told;
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      for (extent const& each : extents[i]) {
        bool whole = true;
        std::int64_t const value = each.value(*this, whole);
        if (!whole) return not_whole(each);
        if (value < 1 && !each.is_fixed())
          return failure(ir::to_string(each) + " is " + std::to_string(value) + " where " +
                         values());
      }
      std::int64_t const expected = elements[i].value(*this);
      if (expected != static_cast<std::int64_t>(sizes[i]))
        return refused(i, sizes[i], "expected " + std::to_string(expected) + " where " + values());
    }
    for (plan::row_limit const& each : limits) {
      bool whole = true;
      std::int64_t const rows = each.rows.value(*this, whole);
      if (!whole) return not_whole(each.rows);
      if (rows < each.least)
        return failure("a slice or a window of the model takes " + std::to_string(each.least) +
                       " of " + ir::to_string(each.rows) + " rows where " + values());
    }
    return {};
  }

  /// The shape of an argument in this call.
  template <class Argument>
  ir::tensor_type type_of() const {
    ir::tensor_type type = Argument::type;
    for (int i = 0; i < type.rank(); ++i)
      type.shape[i] =
          front::extents_of<front::tensor_of<Argument>>[static_cast<std::size_t>(i)].value(*this);
    return type;
  }

  /// The value of a dim.
  std::int64_t operator()(extent::dim const& of) const {
    return values_[static_cast<std::size_t>(dims.number_of(of))];
  }

  void set_to_bounds() {
    for (std::size_t d = 0; d < dim_count; ++d) values_[d] = dims.dims[d].most;
  }

 private:
  static constexpr std::array<extent, sizeof...(A)> elements{front::elements_of<A>()...};
  static constexpr std::array<front::extent_array, sizeof...(A)> extents{
      front::extents_of<front::tensor_of<A>>...};

  static constexpr detail::telling_order found = detail::order_of(dims, elements);
  static_assert(found.count == dim_count,
                "etch: session: a dim is told by no input: one of them has to have it alone, or "
                "with dims that others tell");

  result<void> tell(detail::teller const& by, std::size_t size) {
    auto const d = static_cast<std::size_t>(by.dim);
    extent scaled = elements[by.input];
    scaled.divisor = 1;
    values_[d] = 0;
    std::int64_t const at_zero = scaled.value(*this);
    values_[d] = 1;
    std::int64_t const step = scaled.value(*this) - at_zero;
    std::int64_t const wanted =
        static_cast<std::int64_t>(size) * elements[by.input].divisor - at_zero;
    extent::dim const& dim = dims.dims[d];
    if (wanted % step != 0)
      return refused(by.input, size,
                     "which is no whole number of rows for any " + std::string(dim.view()));
    values_[d] = wanted / step;
    if (values_[d] < 1 || values_[d] > dim.most)
      return refused(by.input, size,
                     "so " + std::string(dim.view()) + " is " + std::to_string(values_[d]) +
                         ", expected 1 to " + std::to_string(dim.most));
    return {};
  }

  std::string values() const {
    std::string text;
    for (std::size_t d = 0; d < dim_count; ++d)
      text +=
          (d ? ", " : "") + std::string(dims.dims[d].view()) + " is " + std::to_string(values_[d]);
    return text;
  }

  result<void> refused(std::size_t input, std::size_t size, std::string const& why) const {
    constexpr std::string_view names[] = {front::argument_name<A>()...};
    std::string const name =
        names[input].empty() ? std::to_string(input) : '\'' + std::string(names[input]) + '\'';
    return failure("input " + name + " has " + std::to_string(size) + " numbers, " + why);
  }

  result<void> not_whole(extent const& of) const {
    return failure(ir::to_string(of) + " is no whole number where " + values());
  }

  static result<void> failure(std::string const& what) {
    return error{errc::invalid_argument, "etch: session: " + what, {}};
  }

  std::array<std::int64_t, dim_count> values_{};
};

/// The lengths of a plan in a call.
template <class Net>
class plan_lengths {
 public:
  /// What the dims of a call make of them.
  template <class Lengths>
  void take(Lengths const& of_dims) noexcept {
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = Net::lengths[i].value(of_dims);
  }

  std::int64_t const* data() const noexcept { return values_.data(); }

  /// How much of a value the call uses.
  std::size_t elements_of(plan::location const& at) const noexcept {
    auto const most = static_cast<std::size_t>(at.type.elements());
    if (at.length < 0) return most;
    auto const length = static_cast<std::size_t>(at.length);
    return most * static_cast<std::size_t>(values_[length]) /
           static_cast<std::size_t>(Net::lengths[length].most());
  }

 private:
  std::array<std::int64_t, Net::lengths.size()> values_{};
};

}  // namespace etch::runtime
