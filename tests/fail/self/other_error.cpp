// EXPECT: etch: add: the operands differ
static_assert(sizeof(int) == 0, "etch: mul: the operands differ");
int main() {}
