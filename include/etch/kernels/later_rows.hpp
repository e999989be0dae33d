#pragma once

#include "etch/core/isa.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {

/// A sink for rows that are counted from `first`.
template <class Sink>
struct later_rows {
  Sink const& sink;
  long first;

  template <class... A>
  ETCH_INLINE void operator()(long row, A const&... rest) const noexcept {
    sink(first + row, rest...);
  }
  ETCH_INLINE void expect(long row, long col) const noexcept requires requires {
    sink.expect(row, col);
  }
  { sink.expect(first + row, col); }
};

}  // namespace ETCH_ISA
}  // namespace etch::kernels
