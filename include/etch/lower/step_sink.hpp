#pragma once

#include <etch/kernels/look_ahead.hpp>
#include <etch/lower/program.hpp>
#include <etch/passes/row_view.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

/// Takes the packs that a kernel produces, runs the step's epilogue on them and stores the result.
/// Two words: with a third, calls would pass it over the stack, and the copy would wait for the
/// stores of its parts (a dozen cycles a step).
template <class Net, int S, class T, class Arch>
struct step_sink {
  using pack = simd::pack<T, Arch>;
  static constexpr plan::step step = Net::plan.steps[static_cast<std::size_t>(S)];
  static constexpr passes::row_view view{step.result.type.elements() / step.cols, step.cols};
  static constexpr long cols = static_cast<long>(step.cols);

  T* out;
  void const* const* in;

  ETCH_INLINE void operator()(long row, long col, pack const& v) const noexcept {
    finished(v, row, col, [](auto const* p) ETCH_INLINE_LAMBDA {
      return load_pack<pack>(p);
    }).store(out + row * cols + col);
  }
  ETCH_INLINE void operator()(long row, long col, pack const& v, int n) const noexcept {
    finished(v, row, col, [n](auto const* p) ETCH_INLINE_LAMBDA {
      return load_pack<pack>(p, n);
    }).store_partial(out + row * cols + col, n);
  }

  /// The lines of memory that a pack will need.
  ETCH_INLINE void expect(long row, long col) const noexcept {
    kernels::prefetch_write(out + row * cols + col);
    expect_operands(row, col,
                    std::make_integer_sequence<int, step.operands.count - step.own_operands>{});
  }

 private:
  template <int... I>
  ETCH_INLINE void expect_operands([[maybe_unused]] long row, [[maybe_unused]] long col,
                                   std::integer_sequence<int, I...>) const noexcept {
    (expect_operand<step.own_operands + I>(row, col), ...);
  }
  template <int Operand>
  ETCH_INLINE void expect_operand([[maybe_unused]] long row,
                                  [[maybe_unused]] long col) const noexcept {
    constexpr plan::location from = Net::plan.operand(step, Operand);
    constexpr passes::row_strides strides =
        passes::strides_in(view, step.result.type.shape, from.type.shape);
    if constexpr (strides.col != 0 && strides.row != 0) {
      using stored = element_of_t<from.type.dtype>;
      kernels::prefetch_read(static_cast<stored const*>(in[Operand]) +
                             row * static_cast<long>(strides.row) +
                             col * static_cast<long>(strides.col));
    }
  }

  template <class LoadPack>
  ETCH_INLINE pack finished(pack const& v, long row, long col,
                            LoadPack const& load) const noexcept {
    if constexpr (step.program.count == 0) {
      return v;
    } else {
      return program<Net, step.program, pack>::run([&](auto number) ETCH_INLINE_LAMBDA {
        if constexpr (number() == 0)
          return v;
        else
          return operand<step.own_operands + number() - 1>(row, col, load);
      });
    }
  }

  template <int Operand, class LoadPack>
  ETCH_INLINE pack operand(long row, long col, LoadPack const& load) const noexcept {
    constexpr plan::location from = Net::plan.operand(step, Operand);
    constexpr passes::row_strides strides =
        passes::strides_in(view, step.result.type.shape, from.type.shape);
    constexpr long row_stride = static_cast<long>(strides.row);
    constexpr long col_stride = static_cast<long>(strides.col);
    using stored = element_of_t<from.type.dtype>;
    auto const* p = static_cast<stored const*>(in[Operand]) + row * row_stride + col * col_stride;
    if constexpr (col_stride == 0)
      return pack(static_cast<T>(*p));
    else
      return load(p);
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
