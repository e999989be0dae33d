#pragma once

#include <etch/ops/reshape.hpp>
#include <etch/ops/transpose.hpp>

namespace etch {

namespace ops {

template <class W, int Rank = 4>
struct kernel_type {
  static constexpr bool ok = W::type.rank() == Rank;
};

}  // namespace ops

/// hwio(kernel): a convolution's kernel as Keras and TensorFlow store it, in the order of conv2d.
/// shape     [kh, kw, I, O] -> [O, I, kh, kw]
/// dtype     any
/// numerics  exact; done once, when the weights are loaded
/// errors    a rank other than 4
/// source    tf.keras.layers.Conv2D
template <front::tensor_operand W>
constexpr auto hwio(W const& kernel) {
  using checked = ops::kernel_type<front::operand_tensor<W>>;
  static_assert(checked::ok, "etch: hwio: the kernel is not of rank 4");
  if constexpr (checked::ok)
    return ops::record_transpose<core::ints<6>{3, 2, 0, 1}>(kernel);
  else
    return kernel;
}

/// kio(kernel): the same for a convolution of signals.
/// shape     [K, C / groups, O] -> [O, C / groups, K]
/// dtype     any
/// numerics  exact; done once, when the weights are loaded
/// errors    a rank other than 3
/// source    tf.keras.layers.Conv1D
template <front::tensor_operand W>
constexpr auto kio(W const& kernel) {
  using checked = ops::kernel_type<front::operand_tensor<W>, 3>;
  static_assert(checked::ok, "etch: kio: the kernel is not of rank 3");
  if constexpr (checked::ok)
    return ops::record_transpose<core::ints<6>{2, 1, 0}>(kernel);
  else
    return kernel;
}

/// depthwise_hwio(kernel): the same for a depthwise kernel, M outputs for each of C channels.
/// shape     [kh, kw, C, M] -> [C * M, 1, kh, kw]
/// dtype     any
/// numerics  exact; done once, when the weights are loaded
/// errors    a rank other than 4
/// source    tf.keras.layers.DepthwiseConv2D
template <front::tensor_operand W>
constexpr auto depthwise_hwio(W const& kernel) {
  using checked = ops::kernel_type<front::operand_tensor<W>>;
  static_assert(checked::ok, "etch: depthwise_hwio: the kernel is not of rank 4");
  if constexpr (checked::ok) {
    constexpr ir::shape k = front::operand_tensor<W>::type.shape;
    return ops::record_reshape<core::ints<6>{k[2] * k[3], 1, k[0], k[1]}>(
        ops::record_transpose<core::ints<6>{2, 3, 0, 1}>(kernel));
  } else {
    return kernel;
  }
}

}  // namespace etch
