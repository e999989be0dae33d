#pragma once

#include <etch/core/isa.hpp>
#include <etch/core/result.hpp>

namespace bench {

/// Goes on as the program etch_bench_<set> beside this one, with the same arguments.
/// errors  the processor lacks the set; the program is not there. Else it does not return
etch::error become_sibling(etch::isa set, char** arguments);

}  // namespace bench
