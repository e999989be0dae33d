#pragma once

namespace etch {

/// What a model promises of its arithmetic.
///   strict  sums run in one order that the shapes decide: the same bits alone or in a
///           batch, on every instruction set with fma, for any number of threads, and one rounding
///           for each term
///   fast    convolutions may be computed in fewer multiplications, which rounds more; still the
///           same bits in all those ways
enum class numerics : unsigned char { strict, fast };

}  // namespace etch
