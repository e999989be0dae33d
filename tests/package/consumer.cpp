#include <boost/hana/tuple.hpp>
#include <etch/core/isa.hpp>
#include <xsimd/xsimd.hpp>

int main() { return etch::to_string(etch::compiled_isa).empty() ? 1 : 0; }
