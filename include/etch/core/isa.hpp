#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

/// ETCH_INLINE: a function that never becomes a symbol of its own, so that two files built for
/// different instruction sets cannot share its body.
/// ETCH_INLINE_LAMBDA: the same for a lambda, written behind its parameters.
/// ETCH_NO_INLINE: a function with one body, whoever calls it; with kernels in it, it lives in
/// namespace ETCH_ISA.
/// ETCH_COLD: a function that is seldom called; it lives in namespace ETCH_ISA.
#if defined(_MSC_VER) && !defined(__clang__)
#define ETCH_INLINE __forceinline
#define ETCH_INLINE_LAMBDA
#define ETCH_NO_INLINE __declspec(noinline)
#define ETCH_COLD __declspec(noinline)
#else
#define ETCH_INLINE inline __attribute__((always_inline))
#define ETCH_INLINE_LAMBDA __attribute__((always_inline))
#define ETCH_NO_INLINE __attribute__((noinline))
#define ETCH_COLD __attribute__((noinline, cold))
#endif

/// ETCH_ISA: the namespace of everything that kernels call, named after the flags of this file.
#if defined(__AVX512F__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && \
    defined(__AVX512BW__) && defined(__AVX512VL__)
#define ETCH_ISA isa_avx512
#define ETCH_COMPILED_ISA avx512
#elif defined(__AVX2__) && (defined(__FMA__) || (defined(_MSC_VER) && !defined(__clang__)))
#define ETCH_ISA isa_avx2
#define ETCH_COMPILED_ISA avx2
#elif defined(__SSE4_2__)
#define ETCH_ISA isa_sse4_2
#define ETCH_COMPILED_ISA sse4_2
#elif defined(__SSE2__) || defined(_M_X64)
#define ETCH_ISA isa_sse2
#define ETCH_COMPILED_ISA sse2
#elif defined(__aarch64__) || defined(_M_ARM64)
#define ETCH_ISA isa_neon64
#define ETCH_COMPILED_ISA neon64
#else
#define ETCH_ISA isa_generic
#define ETCH_COMPILED_ISA generic
#endif

namespace etch {

/// Instruction sets that kernels are built for. avx2 includes FMA; avx512 means F, CD, DQ, BW and
/// VL together.
enum class isa : unsigned char { sse2, sse4_2, avx2, avx512, neon64, generic };

/// The set that the flags of this file select; it names the namespace ETCH_ISA.
inline constexpr isa compiled_isa = isa::ETCH_COMPILED_ISA;

/// to_string(set): the name of the enumerator, for messages, files and environment variables.
constexpr std::string_view to_string(isa set) noexcept {
  switch (set) {
    case isa::sse2:
      return "sse2";
    case isa::sse4_2:
      return "sse4_2";
    case isa::avx2:
      return "avx2";
    case isa::avx512:
      return "avx512";
    case isa::neon64:
      return "neon64";
    case isa::generic:
      return "generic";
  }
  return "unknown";
}

/// parse_isa(text): the set whose to_string is exactly `text`, or nothing.
constexpr std::optional<isa> parse_isa(std::string_view text) noexcept {
  for (isa set : {isa::sse2, isa::sse4_2, isa::avx2, isa::avx512, isa::neon64, isa::generic})
    if (to_string(set) == text) return set;
  return std::nullopt;
}

}  // namespace etch
