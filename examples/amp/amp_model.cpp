// Compiled once for each instruction set: see etch_add_model in CMakeLists.txt.
#include "amp/amp_model.hpp"

ETCH_MODEL(AmpNet)
