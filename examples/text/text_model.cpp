// Compiled once for each instruction set: see etch_add_model in CMakeLists.txt.
#include "text/text_model.hpp"

ETCH_MODEL(LetterNet)
ETCH_MODEL(BlockNet)
