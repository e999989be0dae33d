#pragma once

// The layouts that the kernels read, and the plain loops that produce them once, at load.

namespace etch::kernels {

/// Lanes of a virtual vector: 64 bytes of T on every instruction set.
template <class T>
inline constexpr long pack_lanes = 64 / static_cast<long>(sizeof(T));

/// Panels of `pack_lanes` columns that n columns take; the last one is padded.
template <class T>
constexpr long panel_count(long n) noexcept {
  return (n + pack_lanes<T> - 1) / pack_lanes<T>;
}

/// Which index of a dense weight runs fastest: [n][k] (PyTorch's linear) or [k][n] (a matrix B).
enum class dense_order { n_k, k_n };

/// Which index of a convolution's weight runs fastest: [o][i][h][w] (PyTorch) or [h][w][i][o].
enum class conv_order { oihw, hwio };

/// Elements of a packed dense weight: [panels][k][lanes].
template <class T>
constexpr long packed_dense_size(long n, long k) noexcept {
  return panel_count<T>(n) * k * pack_lanes<T>;
}

/// out[panel][k][lane] = w(panel * lanes + lane, k), zero where the column is beyond n.
template <class T>
constexpr void pack_panels(T const* w, long n, long k, dense_order order, T* out) noexcept {
  constexpr long lanes = pack_lanes<T>;
  for (long panel = 0; panel < panel_count<T>(n); ++panel)
    for (long i = 0; i < k; ++i)
      for (long lane = 0; lane < lanes; ++lane) {
        long const column = panel * lanes + lane;
        T const* const from = w + (column >= n                 ? 0
                                   : order == dense_order::n_k ? column * k + i
                                                               : i * n + column);
        out[(panel * k + i) * lanes + lane] = column < n ? *from : T(0);
      }
}

/// Elements of a packed bias: `groups` times the channels of a group, padded to whole panels.
template <class T>
constexpr long packed_bias_size(long n, long groups = 1) noexcept {
  return groups * panel_count<T>(n / groups) * pack_lanes<T>;
}

/// out[group][panel][lane] = bias[group * n / groups + panel * lanes + lane], zero in the padding.
template <class T>
constexpr void pack_bias(T const* bias, long n, T* out, long groups = 1) noexcept {
  long const each = n / groups;
  long const padded = panel_count<T>(each) * pack_lanes<T>;
  for (long g = 0; g < groups; ++g)
    for (long i = 0; i < padded; ++i) out[g * padded + i] = i < each ? bias[g * each + i] : T(0);
}

/// The weight of a convolution: o output channels, c input channels, both over all groups.
struct conv_weight {
  long o, c, kh, kw, groups;
};

/// Elements of a packed convolution weight: [group][panel][kh][kw][c / groups][lanes].
template <class T>
constexpr long packed_conv2d_size(conv_weight s) noexcept {
  return s.groups * panel_count<T>(s.o / s.groups) * s.kh * s.kw * (s.c / s.groups) * pack_lanes<T>;
}

/// out[group][panel][y][x][i][lane] = w(o = group * o / groups + panel * lanes + lane, i, y, x),
/// zero where the channel is beyond the group.
template <class T>
constexpr void pack_conv2d(T const* w, conv_weight s, conv_order order, T* out) noexcept {
  constexpr long lanes = pack_lanes<T>;
  long const outs = s.o / s.groups;
  long const ins = s.c / s.groups;
  for (long g = 0; g < s.groups; ++g)
    for (long panel = 0; panel < panel_count<T>(outs); ++panel)
      for (long tap = 0; tap < s.kh * s.kw; ++tap)
        for (long i = 0; i < ins; ++i)
          for (long lane = 0; lane < lanes; ++lane) {
            long const channel = panel * lanes + lane;
            long const o = g * outs + (channel < outs ? channel : 0);
            long const from = order == conv_order::oihw ? (o * ins + i) * s.kh * s.kw + tap
                                                        : (tap * ins + i) * s.o + o;
            *out++ = channel < outs ? w[from] : T(0);
          }
}

/// Elements of a packed depthwise weight: [kh][kw][c padded to lanes].
template <class T>
constexpr long packed_depthwise_size(long c, long kh, long kw) noexcept {
  return kh * kw * panel_count<T>(c) * pack_lanes<T>;
}

/// out[y][x][channel] = w(o = channel, i = 0, y, x), zero where the channel is beyond c.
template <class T>
constexpr void pack_depthwise(T const* w, long c, long kh, long kw, conv_order order,
                              T* out) noexcept {
  long const padded = panel_count<T>(c) * pack_lanes<T>;
  for (long tap = 0; tap < kh * kw; ++tap)
    for (long i = 0; i < padded; ++i) {
      long const channel = i < c ? i : 0;
      long const from = order == conv_order::oihw ? channel * kh * kw + tap : tap * c + channel;
      out[tap * padded + i] = i < c ? w[from] : T(0);
    }
}

}  // namespace etch::kernels
