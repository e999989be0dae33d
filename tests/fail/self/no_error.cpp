// EXPECT: etch: add: 
int main() {}
