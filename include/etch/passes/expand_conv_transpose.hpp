#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>

#include <etch/ir/emit.hpp>
#include <etch/ir/rewriter.hpp>
#include <etch/ops/structured_ops.hpp>
#include <etch/passes/weight_tracker.hpp>

namespace etch::passes {

namespace detail {

/// One axis of a transposed convolution as a convolution with stride 1. Every stride-th output is
/// of one phase and reads its own taps of the kernel, so there is an output channel for each
/// phase, and its pixels are put next to each other afterwards.
struct phase_axis {
  std::int64_t phases = 1;
  std::int64_t kernel = 1;    ///< as it was
  std::int64_t spread = 1;    ///< from tap to tap
  std::int64_t shift = 0;     ///< zeros before the first tap
  std::int64_t taps = 1;      ///< of a phase
  std::int64_t dilation = 1;  ///< from one of these to the next
  std::int64_t before = 0;    ///< the padding of the convolution
  std::int64_t after = 0;
  std::int64_t skipped = 0;  ///< outputs before the first that is wanted
  std::int64_t wanted = 1;

  constexpr explicit phase_axis(ops::spread_axis const& of)
      : phases(of.stride), kernel(of.kernel), wanted(of.positions()) {
    if (phases == 1)
      dilation = of.dilation;
    else
      spread = of.dilation;
    std::int64_t const length = (kernel - 1) * spread + 1;
    taps = rounded_up(length);
    shift = (phases - of.before % phases) % phases;  // begins with a whole pixel: nothing to cut
    if (rounded_up(length + shift) != taps) shift = 0;
    std::int64_t const start = of.before + shift, reach = (taps - 1) * dilation;
    std::int64_t const first = start / phases < reach ? start / phases : reach;
    std::int64_t const end = rounded_up(start + wanted);
    before = reach - first;
    after = end > of.extent ? end - of.extent : 0;
    skipped = start - first * phases;
  }

  /// The tap of the kernel that is tap `t` of a phase, or -1 for a zero.
  constexpr std::int64_t tap(std::int64_t phase, std::int64_t t) const {
    std::int64_t const at = phases * (taps - 1 - t) + phase - shift;
    return at >= 0 && at % spread == 0 && at / spread < kernel ? at / spread : -1;
  }

 private:
  constexpr std::int64_t rounded_up(std::int64_t n) const { return (n + phases - 1) / phases; }
};

}  // namespace detail

/// Writes a transposed convolution by weights as a convolution with stride 1, whose output
/// channels are the phases of the stride, and a reshape, transpose and slice that put the phases
/// next to each other. With stride 1 the convolution is all there is. The weight is brought into
/// the order of conv2d when it is loaded.
/// needs  no regions      keeps  types, names
/// numerics  rounding: the sum has another order, and a zero for each tap that a phase does not
///           have, so that an infinity in x may give NaN beside it
struct expand_conv_transpose {
  static constexpr std::string_view name = "expand_conv_transpose";

  constexpr ir::graph operator()(ir::graph const& before) const {
    ir::rewriter to(before);
    weight_tracker is_weight(to.after);
    for (ir::node_id id = 0; id < before.size(); ++id) {
      if (before[id].op == &ir::info_of<ops::conv_transpose2d> &&
          by_weights(to, before, id, is_weight))
        to.put(id, expanded(to, before, id));
      else
        to.copy(id);
    }
    return to.finish();
  }

 private:
  using attrs = ops::conv_transpose2d::attrs;
  using extents = std::initializer_list<std::int64_t>;

  static constexpr bool by_weights(ir::rewriter const& to, ir::graph const& before, ir::node_id id,
                                   weight_tracker& is_weight) {
    for (int i = 1; i < before[id].inputs.count; ++i) {
      if (!is_weight(to[before.input(id, i)])) return false;
    }
    return true;
  }

  static constexpr core::ints<6> list_of(extents of) {
    core::ints<6> list;
    for (std::int64_t each : of) list.push_back(each);
    return list;
  }
  static constexpr ir::node_id reshaped(ir::graph& g, ir::node_id x, extents shape) {
    ir::node_id const y = ir::emit<ops::reshape>(g, {x}, {.shape = list_of(shape)});
    return g[y].type == g[x].type ? x : y;
  }
  static constexpr ir::node_id transposed(ir::graph& g, ir::node_id x, extents perm) {
    return ir::emit<ops::transpose>(g, {x}, {.perm = list_of(perm)});
  }

  /// Which taps each phase reads, [phases, taps]; `none` stands for a zero.
  static constexpr ir::node_id tap_numbers(ir::graph& g, detail::phase_axis const& down,
                                           detail::phase_axis const& along, std::int64_t none) {
    core::list<std::int64_t> words;
    for (std::int64_t i = 0; i < down.phases * along.phases; ++i) {
      for (std::int64_t t = 0; t < down.taps * along.taps; ++t) {
        std::int64_t const ky = down.tap(i / along.phases, t / along.taps);
        std::int64_t const kx = along.tap(i % along.phases, t % along.taps);
        std::int64_t const tap = ky < 0 || kx < 0 ? none : ky * along.kernel + kx;
        words.push_back(std::bit_cast<std::int64_t>(static_cast<double>(tap)));
      }
    }
    ir::shape const shape(down.phases * along.phases, down.taps * along.taps);
    return g.add(ir::constant_op, {dtype::i32, shape}, {}, {words.data(), words.size()});
  }

  /// [C, O / groups, kh, kw] -> [groups * phases * O / groups, C / groups, taps, taps]
  static constexpr ir::node_id phase_weight(ir::graph& g, ir::node_id weight, std::int64_t groups,
                                            detail::phase_axis const& down,
                                            detail::phase_axis const& along) {
    ir::shape const w = g[weight].type.shape;
    std::int64_t const taps = w[2] * w[3], inputs = w[0] / groups;
    weight = reshaped(g, weight, {groups, inputs, w[1], taps});
    weight = ir::emit<ops::pad>(g, {weight}, {.before = {0, 0, 0, 0}, .after = {0, 0, 0, 1}});
    ir::node_id const numbers = tap_numbers(g, down, along, taps);
    weight = ir::emit<ops::gather>(g, {weight, numbers}, {.axis = 3});
    weight = transposed(g, weight, {0, 3, 2, 1, 4});
    return reshaped(g, weight,
                    {groups * down.phases * along.phases * w[1], inputs, down.taps, along.taps});
  }

  /// [O] -> [groups * phases * O / groups]
  static constexpr ir::node_id phase_bias(ir::graph& g, ir::node_id bias, std::int64_t groups,
                                          std::int64_t phases) {
    std::int64_t const outputs = g[bias].type.elements();
    if (phases == 1) return bias;
    ir::node_id const zeros = ir::add_constant(g, {dtype::i32, ir::shape(phases)}, 0);
    ir::node_id const rows = reshaped(g, bias, {groups, 1, outputs / groups});
    return reshaped(g, ir::emit<ops::gather>(g, {rows, zeros}, {.axis = 1}), {phases * outputs});
  }

  /// [B, H, W, groups * phases * O / groups] -> [B, H * sh, W * sw, O]
  static constexpr ir::node_id depth_to_space(ir::graph& g, ir::node_id x, std::int64_t groups,
                                              std::int64_t sh, std::int64_t sw) {
    ir::shape const s = g[x].type.shape;
    std::int64_t const outputs = s[3] / (sh * sw), rows = s[0] * s[1];
    if (groups > 1) {
      x = reshaped(g, x, {rows, s[2], groups, sh, sw, outputs / groups});
      x = transposed(g, x, {0, 3, 1, 4, 2, 5});
    } else if (sh > 1) {
      x = reshaped(g, x, {rows, s[2], sh, sw * outputs});
      x = transposed(g, x, {0, 2, 1, 3});
    }
    return reshaped(g, x, {s[0], s[1] * sh, s[2] * sw, outputs});
  }

  static constexpr ir::node_id cut(ir::graph& g, ir::node_id x, bool channels_last,
                                   detail::phase_axis const& down,
                                   detail::phase_axis const& along) {
    ops::image_axes const axes(channels_last);
    ops::slice::attrs part;
    for (int i = 0; i < 4; ++i) {
      part.starts.push_back(i == axes.h ? down.skipped : i == axes.w ? along.skipped : 0);
      part.sizes.push_back(i == axes.h   ? down.wanted
                           : i == axes.w ? along.wanted
                                         : g[x].type.shape[i]);
      part.steps.push_back(1);
    }
    ir::node_id const y = ir::emit<ops::slice>(g, {x}, part);
    return g[y].type == g[x].type ? x : y;
  }

  static constexpr ir::node_id expanded(ir::rewriter& to, ir::graph const& before, ir::node_id id) {
    auto const a = before.attrs_of<attrs>(id);
    ir::graph& g = to.after;
    ir::node_id x = to[before.input(id, 0)];
    ir::node_id const weight = to[before.input(id, 1)];
    ir::shape const image = g[x].type.shape, w = g[weight].type.shape;
    detail::phase_axis const down(ops::conv_transpose2d::vertical(image, w, a));
    detail::phase_axis const along(ops::conv_transpose2d::horizontal(image, w, a));
    std::int64_t const phases = down.phases * along.phases;
    // Channels last, so that the phases move as runs of channels.
    bool const turned = !a.channels_last && phases > 1;
    bool const last = a.channels_last || turned;
    if (turned) x = transposed(g, x, {0, 2, 3, 1});
    core::list<ir::node_id> operands{x, phase_weight(g, weight, a.groups, down, along)};
    if (before[id].inputs.count > 2)
      operands.push_back(phase_bias(g, to[before.input(id, 2)], a.groups, phases));
    ir::node_id y =
        ir::emit<ops::conv2d>(g, std::span<ir::node_id const>(operands.data(), operands.size()),
                              {.dilation_h = static_cast<int>(down.dilation),
                               .dilation_w = static_cast<int>(along.dilation),
                               .pad_top = static_cast<int>(down.before),
                               .pad_left = static_cast<int>(along.before),
                               .pad_bottom = static_cast<int>(down.after),
                               .pad_right = static_cast<int>(along.after),
                               .groups = a.groups,
                               .channels_last = last});
    if (phases > 1) y = depth_to_space(g, y, a.groups, down.phases, along.phases);
    y = cut(g, y, last, down, along);
    return turned ? transposed(g, y, {0, 3, 1, 2}) : y;
  }
};

}  // namespace etch::passes
