#include "net.hpp"

ETCH_MODEL(SymbolsNet)
ETCH_MODEL(SymbolsStream)
ETCH_MODEL(SymbolsImages)
