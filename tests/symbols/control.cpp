// What symbols.py has to accept, and, with ETCH_PLANT, what it has to refuse: a function that every
// file of a program might define, built with the flags of one instruction set.
#include <etch/core/isa.hpp>

#ifdef ETCH_ISA_OBJECT

namespace etch {
namespace ETCH_ISA {

template <class T>
[[gnu::noinline]] T twice(T x) {
  return x + x;
}

float entry(float x);

}  // namespace ETCH_ISA

#if ETCH_PLANT == 1
template <class T>
[[gnu::noinline]] T planted(T x) {
  return x * x;
}
#elif ETCH_PLANT == 2
namespace {
float volatile seed = 3.0f;
float const planted = seed * 2.0f;
}  // namespace
#endif

float ETCH_ISA::entry(float x) {
#if ETCH_PLANT == 1
  x = planted(x);
#elif ETCH_PLANT == 2
  x += planted;
#endif
  return twice(x);
}

}  // namespace etch

#else

// The file that chooses: here it only has to see the list.
#define ETCH_COUNT(...) ETCH_COUNT_OF(__VA_ARGS__, 3, 2, 1, 0)
#define ETCH_COUNT_OF(a, b, c, n, ...) n
static_assert(ETCH_COUNT(ETCH_DISPATCH_ISAS) == 3, "the list of instruction sets has three names");
static_assert(etch::compiled_isa != etch::isa::avx2 && etch::compiled_isa != etch::isa::avx512);

#endif
