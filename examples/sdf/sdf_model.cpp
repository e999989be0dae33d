// Compiled once for each instruction set: see etch_add_model in CMakeLists.txt.
#include "sdf/sdf_model.hpp"

ETCH_MODEL(DistanceNet)
