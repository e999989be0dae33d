static_assert(sizeof(int) == 0, "etch: add: the operands differ");
int main() {}
