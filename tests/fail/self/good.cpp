// EXPECT: etch: add: the operands \[1, 4\]; differ.*four<5>::ok
#ifdef ETCH_CONTROL
template <int>
struct four {
  static constexpr bool ok = true;
};
#else
template <int N>
struct four {
  static constexpr bool ok = N == 4;
};
#endif
static_assert(four<5>::ok, "etch: add: the operands [1, 4]; differ");  // HERE
int main() {}
