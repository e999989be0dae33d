// EXPECT: etch: add: the operands differ
static_assert(sizeof(int) == 0, "etch: add: the operands differ");

int x;  // HERE
int main() {}
