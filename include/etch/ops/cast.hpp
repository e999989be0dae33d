#pragma once

#include <limits>
#include <type_traits>

#include <etch/front/record.hpp>
#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/op_for.hpp>

namespace etch {

namespace ops {
struct cast {
  static constexpr ir::op_key key{"cast"};
  static constexpr ir::traits is{};
  struct attrs {
    int to = 0;  ///< an ir::dtype
  };

  static constexpr ir::inferred infer(ir::operand_types in, attrs const& a) {
    auto const to = static_cast<ir::dtype>(a.to);
    bool const known = a.to >= 0 && a.to < static_cast<int>(ir::dtype_count);
    if (!known || to == ir::dtype::f16 || to == ir::dtype::bf16)
      return ir::inferred("a cast goes to a dtype that no tensor has");
    return ir::tensor_type{to, in[0].shape};
  }

  /// One element: see cast<T>(x).
  template <class To, class From>
  static constexpr To element(From x) {
    if constexpr (std::is_same_v<To, bool>) {
      return x != From(0);
    } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
      using limits = std::numeric_limits<To>;
      // The first value beyond the range is a power of two and exact; the last inside may not be.
      constexpr From beyond = From(2) * static_cast<From>(limits::max() / 2 + 1);
      if (x >= beyond) return limits::max();
      if (x < static_cast<From>(limits::min())) return limits::min();
      return x == x ? static_cast<To>(x) : To(0);
    } else {
      return static_cast<To>(x);
    }
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs const&) {
    ir::visit_dtype(in[0].type.dtype, [&]<class From>(std::type_identity<From>) {
      ir::visit_dtype(out.type.dtype, [&]<class To>(std::type_identity<To>) {
        std::int64_t const n = out.type.elements();
        for (std::int64_t i = 0; i < n; ++i) out.as<To>()[i] = element<To>(in[0].as<From>()[i]);
      });
    });
  }
};
}  // namespace ops

/// cast<T>(x): x as elements of T; x itself where it has that dtype.
/// shape     that of x
/// dtype     any to any
/// numerics  to float: rounded to nearest; from float to integers: truncated, beyond the range the
///           nearest value of the range, NaN gives 0; to a narrower integer: modulo 2^bits; to
///           bool: x != 0, so NaN gives true
/// errors    a T that no tensor has
/// source    ONNX Cast-13, with a value where it leaves one open
template <class T, class X>
requires(symbolic<X> || front::is_pending<X>) constexpr auto cast(X const& x) {
  using from = typename front::operand_tensor<X>::value_type;
  if constexpr (std::is_same_v<T, from>) {
    return front::as_tensor(x, front::recording_of(x));
  } else {
    static_assert(front::supported_dtype<T>::ok,
                  "etch: cast: the dtype is not one of float, double, int8_t, int32_t, int64_t, "
                  "uint8_t, bool");
    if constexpr (front::supported_dtype<T>::ok)
      return record_as<ops::cast, ops::cast::attrs{static_cast<int>(ir::dtype_of<T>)}>(x);
    else
      return front::as_tensor(x, front::recording_of(x));
  }
}

template <>
struct op_for<ops::cast::key> : std::type_identity<ops::cast> {};

}  // namespace etch
