#pragma once

#include <cstdint>

#include <etch/ir/dtype_visit.hpp>
#include <etch/ops/call.hpp>
#include <etch/ops/op_for.hpp>
#include <etch/ops/strided_walk.hpp>

namespace etch {

namespace ops {

struct matmul {
  static constexpr ir::op_key key{"matmul"};
  static constexpr ir::traits is{.floating = true};
  static constexpr int arity_min = 2;

  static constexpr char bad_dtype[] = "the operands are not both float or both double";
  static constexpr char bad_rank[] = "an operand has fewer than two axes";
  static constexpr char bad_inner[] = "the last extent of a is not the last but one of b";
  static constexpr char bad_batch[] = "the leading extents do not broadcast";

  /// All but the last two extents.
  static constexpr ir::shape batch_of(ir::shape const& s) {
    ir::shape batch;
    for (int i = 0; i < s.rank - 2; ++i) batch.push_back(s[i]);
    return batch;
  }

  static constexpr ir::inferred infer(ir::operand_types in) {
    if (!all_floating(in)) return ir::inferred(bad_dtype);
    ir::shape const& a = in[0].shape;
    ir::shape const& b = in[1].shape;
    if (a.rank < 2 || b.rank < 2) return ir::inferred(bad_rank);
    if (a[a.rank - 1] != b[b.rank - 2]) return ir::inferred(bad_inner);
    auto const joined = ir::broadcast(batch_of(a), batch_of(b));
    if (!joined.ok) return ir::inferred(bad_batch);
    ir::tensor_type out{in[0].dtype, joined.shape};
    out.shape.push_back(a[a.rank - 2]);
    out.shape.push_back(b[b.rank - 1]);
    return out;
  }

  static constexpr std::int64_t flops(ir::operand_types in, ir::tensor_type const& out,
                                      ir::no_attrs) {
    return 2 * out.elements() * last_extent(in[0].shape);
  }

  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    ir::shape const& a_shape = in[0].type.shape;
    ir::shape const& b_shape = in[1].type.shape;
    std::int64_t const m = a_shape[a_shape.rank - 2];
    std::int64_t const k = last_extent(a_shape);
    std::int64_t const n = last_extent(b_shape);
    strided_walk a_at = batch_walk(a_shape, out.type.shape);
    strided_walk b_at = batch_walk(b_shape, out.type.shape);
    std::int64_t const batches = a_at.size();
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      T* y = out.as<T>();
      for (std::int64_t batch = 0; batch < batches; ++batch, a_at.next(), b_at.next()) {
        T const* const a = in[0].as<T const>() + a_at.offset();
        T const* const b = in[1].as<T const>() + b_at.offset();
        for (std::int64_t row = 0; row < m; ++row) {
          for (std::int64_t col = 0; col < n; ++col) {
            double sum = 0;
            for (std::int64_t i = 0; i < k; ++i)
              sum += static_cast<double>(a[row * k + i]) * static_cast<double>(b[i * n + col]);
            *y++ = static_cast<T>(sum);
          }
        }
      }
    });
  }

 private:
  /// The matrices of an operand in the order of those of the result.
  static strided_walk batch_walk(ir::shape const& from, ir::shape const& to) {
    auto const strides = strides_of(from);
    strided_walk walk;
    for (int i = 0; i < to.rank - 2; ++i) {
      int const axis = i - (to.rank - from.rank);
      bool const repeats = axis < 0 || from[axis] == 1;
      walk.add_axis(to[i], repeats ? 0 : strides[static_cast<std::size_t>(axis)]);
    }
    return walk;
  }
};

}  // namespace ops

/// matmul(a, b): the matrix product over the last two axes.
/// shape     a[..., M, K], b[..., K, N] -> [..., M, N]; the leading extents broadcast
/// dtype     float, double; the same for both
/// numerics  the reference adds up in double and rounds once; kernels state their own order
/// errors    a rank below 2, another inner extent, leading extents that do not broadcast
/// source    numpy.matmul; ONNX MatMul-13
template <front::tensor_operand A, front::tensor_operand B>
constexpr auto matmul(A const& a, B const& b) {
  using op = ops::matmul;
  using checked = ops::call_on<op, ir::no_attrs{}, A, B>;
  static_assert(checked::template without<op::bad_dtype>,
                "etch: matmul: the operands are not both float or both double");
  static_assert(checked::template without<op::bad_rank>,
                "etch: matmul: an operand has fewer than two axes");
  static_assert(checked::template without<op::bad_inner>,
                "etch: matmul: the last extent of a is not the last but one of b");
  static_assert(checked::template without<op::bad_batch>,
                "etch: matmul: the leading extents do not broadcast");
  return checked::record(a, b);
}

template <>
struct op_for<ops::matmul::key> : std::type_identity<ops::matmul> {};

}  // namespace etch
