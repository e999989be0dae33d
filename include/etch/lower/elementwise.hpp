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
      some_of_line(to, in, packs.begin * lanes, packs.end * lanes < n ? packs.end * lanes : n);
    } else if constexpr (nest.rank == 1) {
      kernels::interval const packs = share.of((length + lanes - 1) / lanes);
      inner(to, in, at, packs.begin * lanes, packs.end * lanes);
    } else {
      kernels::interval const mine = share.of(nest.extents[0]);
      loops<0>(to + mine.begin * inner_elements, in, at, mine);
    }
  }

 private:
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

  /// The elements [i, end) of the only line.
  static ETCH_INLINE void some_of_line(stored* out, void const* const* in, long i,
                                       long end) noexcept {
    constexpr long at[count]{};
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
