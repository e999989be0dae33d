#pragma once

#include <type_traits>
#include <xsimd/xsimd.hpp>

#include "etch/core/isa.hpp"

namespace etch::simd {

/// Stands where xsimd has no tag: packs of this arch are plain arrays.
struct generic_arch {};

template <isa Set>
struct arch_of : std::type_identity<generic_arch> {};

#if defined(__x86_64__) || defined(_M_X64) || defined(__SSE2__)
template <>
struct arch_of<isa::sse2> : std::type_identity<xsimd::sse2> {};
template <>
struct arch_of<isa::sse4_2> : std::type_identity<xsimd::sse4_2> {};
template <>
struct arch_of<isa::avx2> : std::type_identity<xsimd::fma3<xsimd::avx2>> {};
template <>
struct arch_of<isa::avx512> : std::type_identity<xsimd::avx512bw> {};
#elif defined(__aarch64__) || defined(_M_ARM64)
template <>
struct arch_of<isa::neon64> : std::type_identity<xsimd::neon64> {};
#endif

/// arch_t<isa::avx2>: the xsimd tag of an instruction set; generic_arch on a foreign processor.
/// A tag names a type only: registers exist for the sets that the flags of this file allow.
template <isa Set>
using arch_t = typename arch_of<Set>::type;

/// The tag of the flags of this file.
using default_arch = arch_t<compiled_isa>;

inline namespace ETCH_ISA {
namespace detail {

#if (defined(__FP_FAST_FMAF) && defined(__FP_FAST_FMA)) || defined(__FMA__) || defined(__aarch64__)
inline constexpr bool scalar_fma = true;
#else
inline constexpr bool scalar_fma = false;
#endif

/// Whether fma(a, b, c) is one rounding on this arch.
template <class Arch>
inline constexpr bool has_fma =
    std::is_same_v<Arch, generic_arch> ? scalar_fma
                                       : std::is_same_v<Arch, arch_t<isa::avx2>> ||
                                             std::is_same_v<Arch, arch_t<isa::avx512>> ||
                                             std::is_same_v<Arch, arch_t<isa::neon64>>;

}  // namespace detail
}  // namespace ETCH_ISA
}  // namespace etch::simd
