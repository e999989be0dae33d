#pragma once

// etch for its users: symbolic tensors, operators, models, weights and sessions. The map of all
// headers is include/etch/README.md.

#include <etch/compile.hpp>
#include <etch/ops/elementwise_ops.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/runtime/dispatch.hpp>
#include <etch/runtime/instances.hpp>
#include <etch/runtime/session.hpp>
#include <etch/runtime/stream.hpp>
#include <etch/runtime/streaming_form.hpp>
#include <etch/runtime/weights.hpp>
