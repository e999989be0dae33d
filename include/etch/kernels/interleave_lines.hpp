#pragma once

#include "etch/kernels/transpose_block.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// Whether `interleave_lines` moves so many lines of elements of Bytes by whole registers.
template <int Bytes, long Lines>
inline constexpr bool interleaves =
#if defined(__GNUC__)
    Bytes == 4 && Lines >= 2 && Lines <= 4;
#else
    false;
#endif

namespace detail {

#if defined(__AVX512F__)
inline constexpr int interleave_bytes = 64;
#else
inline constexpr int interleave_bytes = 16;
#endif

#if defined(__GNUC__)
template <int Bytes>
struct interleave_register {
  typedef element_bits<Bytes> type __attribute__((vector_size(interleave_bytes)));
};

/// Register Number of the result once line Line is in it: element i of the output is element
/// i / Lines of line i % Lines.
template <int Lines, int Line, int Number, class V, int... I>
ETCH_INLINE V insert_line(V before, V line, std::integer_sequence<int, I...>) noexcept {
  constexpr int n = sizeof...(I);
  return __builtin_shufflevector(
      before, line, ((Number * n + I) % Lines == Line ? n + (Number * n + I) / Lines : I)...);
}

template <int Lines, int Number, class V, int... Line>
ETCH_INLINE V interleaved(V const (&lines)[Lines], std::integer_sequence<int, Line...>) noexcept {
  constexpr auto lanes = std::make_integer_sequence<int, int(sizeof(V) / sizeof(lines[0][0]))>{};
  V out = lines[0];
  ((out = insert_line<Lines, Line, Number>(out, lines[Line], lanes)), ...);
  return out;
}

/// One register of each line to Lines registers at `out`.
template <int Bytes, int Lines, int... Number>
ETCH_INLINE void interleave_block(unsigned char const* in, long in_stride, unsigned char* out,
                                  std::integer_sequence<int, Number...> all) noexcept {
  using V = typename interleave_register<Bytes>::type;
  V lines[Lines];
  (std::memcpy(&lines[Number], in + Number * in_stride, sizeof(V)), ...);
  V const after[]{interleaved<Lines, Number>(lines, all)...};
  (std::memcpy(out + Number * long{sizeof(V)}, &after[Number], sizeof(V)), ...);
}
#endif

}  // namespace detail

/// out[i][line] = in[line][i] for n elements of a few lines: pixels from planes of colours.
/// layout    lines of the input in_stride bytes apart; the output without gaps; any alignment;
///           apart
/// numerics  exact
template <int Bytes, long Lines>
ETCH_INLINE void interleave_lines(unsigned char const* in, long in_stride, unsigned char* out,
                                  long n) noexcept {
  constexpr long at_once = detail::interleave_bytes / Bytes;
  long const whole = n / at_once * at_once;
#if defined(__GNUC__)
  for (long i = 0; i < whole; i += at_once)
    detail::interleave_block<Bytes, int(Lines)>(in + i * Bytes, in_stride, out + i * Lines * Bytes,
                                                std::make_integer_sequence<int, int(Lines)>{});
#endif
  for (long i = whole; i < n; ++i)
    for (long line = 0; line < Lines; ++line)
      detail::copy_element<Bytes>(in + line * in_stride + i * Bytes,
                                  out + (i * Lines + line) * Bytes);
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
