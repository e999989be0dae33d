#pragma once

// The operators that are not elementwise.

#include <etch/ops/avg_pool2d.hpp>
#include <etch/ops/batch_norm.hpp>
#include <etch/ops/causal_conv1d.hpp>
#include <etch/ops/concat.hpp>
#include <etch/ops/conv1d.hpp>
#include <etch/ops/conv2d.hpp>
#include <etch/ops/conv_transpose2d.hpp>
#include <etch/ops/depthwise_conv2d.hpp>
#include <etch/ops/embedding.hpp>
#include <etch/ops/flatten.hpp>
#include <etch/ops/gather.hpp>
#include <etch/ops/global_pool2d.hpp>
#include <etch/ops/gru.hpp>
#include <etch/ops/hwio.hpp>
#include <etch/ops/identity.hpp>
#include <etch/ops/layer_norm.hpp>
#include <etch/ops/linear.hpp>
#include <etch/ops/log_softmax.hpp>
#include <etch/ops/lstm.hpp>
#include <etch/ops/matmul.hpp>
#include <etch/ops/max_pool2d.hpp>
#include <etch/ops/pad.hpp>
#include <etch/ops/prelu.hpp>
#include <etch/ops/reduce_max.hpp>
#include <etch/ops/reduce_mean.hpp>
#include <etch/ops/reduce_min.hpp>
#include <etch/ops/reduce_prod.hpp>
#include <etch/ops/reduce_sum.hpp>
#include <etch/ops/reshape.hpp>
#include <etch/ops/rnn.hpp>
#include <etch/ops/slice.hpp>
#include <etch/ops/softmax.hpp>
#include <etch/ops/squeeze.hpp>
#include <etch/ops/transpose.hpp>
