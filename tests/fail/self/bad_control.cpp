// EXPECT: etch: add: the operands differ
#ifdef ETCH_CONTROL
int main() { return undeclared; }
#else
static_assert(sizeof(int) == 0, "etch: add: the operands differ");  // HERE
int main() {}
#endif
