#include "net.hpp"

ETCH_MODEL(SymbolsNet)
