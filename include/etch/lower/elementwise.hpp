#pragma once

#include <utility>

#include <etch/kernels/share.hpp>
#include <etch/lower/kernel_for.hpp>
#include <etch/lower/loop_nest.hpp>
#include <etch/lower/program.hpp>

namespace etch::lower {
inline namespace ETCH_ISA {

/// A fused elementwise step: loops over the outer axes, packs along the inner one, the tail as a
/// part of a pack.
template <class Net, int S, class Arch>
struct elementwise_step {
  static constexpr plan::step step = Net::plan.steps[static_cast<std::size_t>(S)];
  static constexpr auto count = static_cast<std::size_t>(step.operands.count);
  static constexpr auto types = [] {
    std::array<ir::tensor_type, count> of{};
    for (std::size_t k = 0; k < count; ++k)
      of[k] = Net::plan.operand(step, static_cast<int>(k)).type;
    return of;
  }();
  static constexpr auto nest = [] {
    std::array<ir::shape, count> shapes{};
    for (std::size_t k = 0; k < count; ++k) shapes[k] = types[k].shape;
    return nest_of(step.result.type.shape, shapes);
  }();
  using computed = element_of_t<ir::compute_dtype(types)>;
  using stored = element_of_t<step.result.type.dtype>;
  using pack = simd::pack<computed, Arch>;
  static constexpr long lanes = pack::lanes;
  static constexpr long length = nest.extents[nest.rank - 1];

  /// The outermost loop is shared; a single one by whole packs.
  template <class Share>
  static void run(void* out, void const* const* in, Share share) noexcept {
    long at[count]{};
    auto* const to = static_cast<stored*>(out);
    if constexpr (nest.rank == 1 && kernels::is_leading<Share>) {
      long const n = share.count(length);
      kernels::interval const packs = share.part().of((n + lanes - 1) / lanes);
      some_of_line(to, in, at, packs.begin * lanes, packs.end * lanes < n ? packs.end * lanes : n);
    } else if constexpr (nest.rank == 1 && kernels::is_band<Share>) {
      kernels::interval const mine = share.of(length);
      some_of_line(to, in, at, mine.begin, mine.end);
    } else if constexpr (nest.rank == 1) {
      kernels::interval const packs = share.of((length + lanes - 1) / lanes);
      inner(to, in, at, packs.begin * lanes, packs.end * lanes);
    } else {
      kernels::interval const mine = share.of(nest.extents[0]);
      loops<0>(to + mine.begin * inner_elements, in, at, mine);
    }
  }

  /// The same for extents that are known in the call, of the result and of the operands.
  static void run_in_call(void* out, void const* const* in, ir::shape const& y,
                          std::array<ir::shape, count> const& x) noexcept {
    long const at[count]{};
    auto const walk = nest_of_lines(y, x);
    lines(walk, 0, static_cast<stored*>(out), in, at);
  }

 private:
  /// The last axis with several elements: along it operands go or repeat, whatever the call.
  static constexpr int line_axis = [] {
    int axis = step.result.type.shape.rank - 1;
    while (axis > 0 && step.result.type.shape[axis] == 1) --axis;
    return axis;
  }();

  /// Loops over the axes before the lines.
  struct line_nest {
    long extents[ir::max_rank]{};
    long strides[ir::max_rank][count]{};
    long length = 1;
  };
  static ETCH_INLINE line_nest nest_of_lines(ir::shape const& y,
                                             std::array<ir::shape, count> const& x) noexcept {
    line_nest of;
    of.length = static_cast<long>(y[line_axis]);
    for (int axis = 0; axis < line_axis; ++axis) {
      of.extents[axis] = static_cast<long>(y[axis]);
      for (std::size_t k = 0; k < count; ++k) {
        int const own = axis - (y.rank - x[k].rank);
        bool const goes_along = own >= 0 && x[k][own] != 1;
        of.strides[axis][k] = goes_along ? static_cast<long>(x[k].product(own + 1, x[k].rank)) : 0;
      }
    }
    return of;
  }
  static stored* lines(line_nest const& of, int axis, stored* out, void const* const* in,
                       long const* at) noexcept {
    if (axis == line_axis) {
      some_of_line(out, in, at, 0, of.length);
      return out + of.length;
    }
    for (long i = 0; i < of.extents[axis]; ++i) {
      long from[count];
      for (std::size_t k = 0; k < count; ++k) from[k] = at[k] + i * of.strides[axis][k];
      out = lines(of, axis + 1, out, in, from);
    }
    return out;
  }

  /// Elements of the result for one turn of the outermost loop.
  static constexpr long inner_elements = [] {
    long n = 1;
    for (int axis = 1; axis < nest.rank; ++axis) n *= nest.extents[axis];
    return n;
  }();

  template <int Axis>
  static ETCH_INLINE stored* loops(stored* out, void const* const* in, long const* at,
                                   kernels::interval turns) noexcept {
    if constexpr (Axis == nest.rank - 1) {
      inner(out, in, at, 0, length);
      return out + length;
    } else {
      for (long i = turns.begin; i < turns.end; ++i) {
        long from[count];
        for (std::size_t k = 0; k < count; ++k) from[k] = at[k] + i * nest.strides[k][Axis];
        out = loops<Axis + 1>(out, in, from, {0, nest.extents[Axis + 1]});
      }
      return out;
    }
  }

  /// Elements from `begin` to `end` of a line; one that ends behind the line has its tail.
  static ETCH_INLINE void inner(stored* out, void const* const* in, long const* at, long begin,
                                long end) noexcept {
    constexpr long whole = length / lanes * lanes;
    constexpr int tail = static_cast<int>(length - whole);
    for (long i = begin; i < (end < whole ? end : whole); i += lanes) {
      store_pack(
          evaluate(in, at, i, [](auto const* p) ETCH_INLINE_LAMBDA { return load_pack<pack>(p); }),
          out + i);
    }
    if constexpr (tail > 0) {
      if (end <= whole) return;
      store_pack(
          evaluate(in, at, whole,
                   [](auto const* p) ETCH_INLINE_LAMBDA { return load_pack<pack>(p, tail); }),
          out + whole, tail);
    }
  }

  /// The elements [i, end) of a line.
  static ETCH_INLINE void some_of_line(stored* out, void const* const* in, long const* at, long i,
                                       long end) noexcept {
    for (; i + lanes <= end; i += lanes)
      store_pack(
          evaluate(in, at, i, [](auto const* p) ETCH_INLINE_LAMBDA { return load_pack<pack>(p); }),
          out + i);
    if (int const tail = static_cast<int>(end - i); tail > 0)
      store_pack(
          evaluate(in, at, i,
                   [tail](auto const* p) ETCH_INLINE_LAMBDA { return load_pack<pack>(p, tail); }),
          out + i, tail);
  }

  template <class LoadPack>
  static ETCH_INLINE pack evaluate(void const* const* in, long const* at, long i,
                                   LoadPack const& load) noexcept {
    return program<Net, step.program, pack>::run([&](auto number) ETCH_INLINE_LAMBDA {
      constexpr auto k = static_cast<std::size_t>(number());
      auto const* p = static_cast<element_of_t<types[k].dtype> const*>(in[k]) + at[k];
      if constexpr (nest.strides[k][nest.rank - 1] == 0)
        return pack(static_cast<computed>(*p));
      else
        return load(p + i);
    });
  }
};

template <>
struct kernel_for<ir::op_key("elementwise")> {
  template <class Net, int S, class Arch, class Share>
  static ETCH_INLINE void run(void* out, void*, void const* const* in, Share share) noexcept {
    elementwise_step<Net, S, Arch>::run(out, in, share);
  }
};

}  // namespace ETCH_ISA
}  // namespace etch::lower
