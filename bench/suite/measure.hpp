#pragma once

#include <vector>

#include "limits.hpp"
#include "row.hpp"
#include "timer.hpp"
#include "workload.hpp"

namespace bench {

/// Where differences from eager become mistakes.
constexpr double most_error(bool is_double) noexcept { return is_double ? 1e-10 : 2e-4; }

/// Runs a workload in each way that etch compiled it, on `threads`, and op by op on one, on the
/// same weights and inputs; where libtorch was found, also as a TorchScript module, on one thread.
///   warm-up   0.1 s, at least one call (eager a fifth)
///   timed     calls one at a time for `seconds`, at least 5 and at most 200,000 of them (eager a
///             quarter of the time, at least 2)
/// errors  weights that the model does not take: throws etch::exception
std::vector<row> measure(workload const& of, limits const& here, timer const& clock, double seconds,
                         etch::executor_ref threads = {});

}  // namespace bench
