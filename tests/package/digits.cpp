// Compiled by etch_add_model.
#include "digits.hpp"

ETCH_MODEL(DispatchedDigits)
