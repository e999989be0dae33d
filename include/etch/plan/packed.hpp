#pragma once

#include <etch/ir/dtype_visit.hpp>
#include <etch/ir/info_of.hpp>
#include <etch/kernels/pack_layout.hpp>
#include <etch/kernels/winograd_layout.hpp>

namespace etch::plan {

// The last step of load time: weights in the order in which kernels read them. They are operators
// like others, known to the planner alone; layouts are described in kernels/pack_layout.hpp.

/// A dense weight as panels: [panels][k][lanes].
struct pack_dense {
  static constexpr ir::op_key key{"pack_dense"};
  static constexpr ir::traits is{.floating = true};
  struct attrs {
    bool in_out = false;  ///< the weight is [k][n] and not [n][k]
  };

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    ir::shape const& w = in[0].shape;
    long const n = static_cast<long>(w[a.in_out ? 1 : 0]),
               k = static_cast<long>(w[a.in_out ? 0 : 1]);
    return ir::tensor_type{in[0].dtype, ir::shape(in[0].dtype == ir::dtype::f64
                                                      ? kernels::packed_dense_size<double>(n, k)
                                                      : kernels::packed_dense_size<float>(n, k))};
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      ir::shape const& w = in[0].type.shape;
      kernels::pack_panels(in[0].as<T const>(), static_cast<long>(w[a.in_out ? 1 : 0]),
                           static_cast<long>(w[a.in_out ? 0 : 1]),
                           a.in_out ? kernels::dense_order::k_n : kernels::dense_order::n_k,
                           out.as<T>());
    });
  }
};

/// A bias padded to whole panels, group by group.
struct pack_bias {
  static constexpr ir::op_key key{"pack_bias"};
  static constexpr ir::traits is{.floating = true};
  struct attrs {
    int groups = 1;
  };

  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    long const n = static_cast<long>(in[0].elements());
    return ir::tensor_type{
        in[0].dtype,
        ir::shape(in[0].dtype == ir::dtype::f64 ? kernels::packed_bias_size<double>(n, a.groups)
                                                : kernels::packed_bias_size<float>(n, a.groups))};
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      kernels::pack_bias(in[0].as<T const>(), static_cast<long>(in[0].type.elements()), out.as<T>(),
                         a.groups);
    });
  }
};

/// A convolution's weight [O][I/groups][kh][kw] as [group][panel][kh][kw][I/groups][lanes].
struct pack_conv2d {
  static constexpr ir::op_key key{"pack_conv2d"};
  static constexpr ir::traits is{.floating = true};
  struct attrs {
    int groups = 1;
  };

  static constexpr kernels::conv_weight sizes(ir::shape const& w, int groups) {
    return {static_cast<long>(w[0]), static_cast<long>(w[1]) * groups, static_cast<long>(w[2]),
            static_cast<long>(w[3]), groups};
  }
  static constexpr ir::inferred infer(ir::operand_types in, attrs a) {
    auto const s = sizes(in[0].shape, a.groups);
    return ir::tensor_type{in[0].dtype, ir::shape(in[0].dtype == ir::dtype::f64
                                                      ? kernels::packed_conv2d_size<double>(s)
                                                      : kernels::packed_conv2d_size<float>(s))};
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out, attrs a) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      kernels::pack_conv2d(in[0].as<T const>(), sizes(in[0].type.shape, a.groups),
                           kernels::conv_order::oihw, out.as<T>());
    });
  }
};

/// The weight [O][I][3][3] of a convolution as Winograd's algorithm multiplies it:
/// [36][panel][I][lanes].
struct pack_winograd {
  static constexpr ir::op_key key{"pack_winograd"};
  static constexpr ir::traits is{.floating = true};

  static constexpr ir::inferred infer(ir::operand_types in) {
    auto const o = static_cast<long>(in[0].shape[0]), c = static_cast<long>(in[0].shape[1]);
    return ir::tensor_type{
        in[0].dtype,
        ir::shape(in[0].dtype == ir::dtype::f64 ? kernels::packed_winograd_size<double>(o, c)
                                                : kernels::packed_winograd_size<float>(o, c))};
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      kernels::pack_winograd(in[0].as<T const>(), static_cast<long>(in[0].type.shape[0]),
                             static_cast<long>(in[0].type.shape[1]), out.as<T>());
    });
  }
};

/// A depthwise weight [C][1][kh][kw] as [kh][kw][C padded to lanes].
struct pack_depthwise {
  static constexpr ir::op_key key{"pack_depthwise"};
  static constexpr ir::traits is{.floating = true};

  static constexpr ir::inferred infer(ir::operand_types in) {
    ir::shape const& w = in[0].shape;
    auto const c = static_cast<long>(w[0]), kh = static_cast<long>(w[2]),
               kw = static_cast<long>(w[3]);
    return ir::tensor_type{in[0].dtype,
                           ir::shape(in[0].dtype == ir::dtype::f64
                                         ? kernels::packed_depthwise_size<double>(c, kh, kw)
                                         : kernels::packed_depthwise_size<float>(c, kh, kw))};
  }
  static void reference(ir::operand_refs in, ir::tensor_ref out) {
    ir::visit_dtype<true>(out.type.dtype, [&]<class T>(std::type_identity<T>) {
      ir::shape const& w = in[0].type.shape;
      kernels::pack_depthwise(in[0].as<T const>(), static_cast<long>(w[0]), static_cast<long>(w[2]),
                              static_cast<long>(w[3]), kernels::conv_order::oihw, out.as<T>());
    });
  }
};

}  // namespace etch::plan
