#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <etch/front/recorder.hpp>
#include <etch/ops/number.hpp>

namespace etch {

namespace ops {

template <std::size_t Count, class Tensor>
struct one_value_for_each_element {
  static constexpr bool ok = static_cast<std::int64_t>(Count) == Tensor::elements;
};

template <class Tensor, std::size_t Count>
constexpr Tensor record_literal(typename Tensor::value_type const* values, front::recorder& in) {
  using check = one_value_for_each_element<Count, Tensor>;
  static_assert(check::ok, "etch: constant: the number of values is not that of the elements");
  std::array<std::int64_t, Count> words{};
  for (std::size_t i = 0; i < Count; ++i)
    words[i] = std::bit_cast<std::int64_t>(element<typename Tensor::value_type>(values[i]));
  return Tensor(in, in.graph.add(ir::constant_op, Tensor::type, {}, words));
}

}  // namespace ops

/// constant<T, extents...>({values...}, like): a literal in the recording of `like`.
/// shape     extents..., the elements in row-major order
/// dtype     T
/// numerics  exact
/// errors    not as many values as elements; an int64_t of more than 53 digits
/// source    ONNX Constant-13
template <class T, auto... Extents, std::size_t Count, symbolic X>
constexpr tensor<T, Extents...> constant(T const (&values)[Count], X const& like) {
  return ops::record_literal<tensor<T, Extents...>, Count>(values, like.recording());
}

/// The same from a table computed elsewhere.
template <class T, auto... Extents, std::size_t Count, symbolic X>
constexpr tensor<T, Extents...> constant(std::array<T, Count> const& values, X const& like) {
  return ops::record_literal<tensor<T, Extents...>, Count>(values.data(), like.recording());
}

/// constant<T, extents...>(value, like): a literal with the same value in all elements.
template <class T, auto... Extents, symbolic X>
constexpr tensor<T, Extents...> constant(std::type_identity_t<T> value, X const& like) {
  using result = tensor<T, Extents...>;
  static_assert(!result::is_bounded,
                "etch: constant: an extent is bounded: an extent of 1 in its place broadcasts");
  front::recorder& in = like.recording();
  return result(in, ir::add_constant(in.graph, result::type, ops::element<T>(value)));
}

}  // namespace etch
