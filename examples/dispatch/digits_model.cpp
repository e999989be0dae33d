// Compiled once for each instruction set: see etch_add_model in CMakeLists.txt.
#include "dispatch/digits_model.hpp"

ETCH_MODEL(Digits)
