#pragma once

#include <xsimd/config/xsimd_cpuid.hpp>

#include <etch/core/isa.hpp>

namespace etch::simd {

namespace detail {

/// xsimd's answer, as bit fields (8.x) or by tag (11 and later).
template <class Found>
bool runs_here(Found const& found, isa set) {
  if constexpr (requires { found.fma3_avx2; }) {
    switch (set) {
      case isa::generic:
      case isa::sse2:  // part of x86-64; xsimd 8.1 reads a bit that Nehalem lacks
        return true;
      case isa::sse4_2:
        return found.sse4_2 != 0;
      case isa::avx2:
        return found.avx2 != 0 && found.fma3_avx2 != 0;
      case isa::avx512:
        return found.avx512f != 0 && found.avx512cd != 0 && found.avx512dq != 0 &&
               found.avx512bw != 0;
      case isa::neon64:
        return found.neon64 != 0;
    }
    return false;
  } else {
    switch (set) {
      case isa::generic:
      case isa::sse2:  // part of x86-64; xsimd 8.1 reads a bit that Nehalem lacks
        return true;
      case isa::sse4_2:
        return found.has(xsimd::sse4_2{});
      case isa::avx2:
        return found.has(xsimd::fma3<xsimd::avx2>{});
      case isa::avx512:
        return found.has(xsimd::avx512bw{});
      case isa::neon64:
        return found.has(xsimd::neon64{});
    }
    return false;
  }
}

}  // namespace detail

/// Whether this processor (and its system) runs code built for an instruction set; asked of xsimd.
inline bool runs_here(isa set) { return detail::runs_here(xsimd::available_architectures(), set); }

}  // namespace etch::simd
