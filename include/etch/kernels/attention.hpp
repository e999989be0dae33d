#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "etch/kernels/attention_layout.hpp"
#include "etch/kernels/multiply_add.hpp"
#include "etch/kernels/share.hpp"
#include "etch/kernels/simd/math_exp.hpp"
#include "etch/kernels/transpose_block.hpp"

namespace etch::kernels {
inline namespace ETCH_ISA {
namespace detail {

/// to[panel][i][lane] = key panel * lanes + lane of from[keys][width], rows `stride` elements
/// apart; zero behind the last key.
template <class T, long Width, long Stride>
ETCH_INLINE void pack_keys(T const* from, long keys, T* to) noexcept {
  constexpr int bytes = static_cast<int>(sizeof(T));
  constexpr long lanes = simd::lanes_v<T>, side = transpose_side<bytes>;
  constexpr long whole = Width / side * side;
  long const panels = panel_count<T>(keys);
  for (long panel = 0; panel < panels; ++panel, to += Width * lanes) {
    long const first = panel * lanes;
    long const here = keys - first < lanes ? keys - first : lanes;
    long const squares = here / side * side;
    for (long key = 0; key < squares; key += side) {
      T const* const row = from + (first + key) * Stride;
      for (long i = 0; i < whole; i += side)
        transpose_block<bytes>(reinterpret_cast<unsigned char const*>(row + i), Stride * bytes,
                               reinterpret_cast<unsigned char*>(to + i * lanes + key),
                               lanes * bytes);
      for (long k = 0; k < side; ++k)
        for (long i = whole; i < Width; ++i) to[i * lanes + key + k] = row[k * Stride + i];
    }
    for (long key = squares; key < lanes; ++key)
      for (long i = 0; i < Width; ++i)
        to[i * lanes + key] = key < here ? from[(first + key) * Stride + i] : T(0);
  }
}

template <class T, attention_shape S, class Arch>
struct attention_kernel {
  using pack = simd::pack<T, Arch>;
  static constexpr long lanes = simd::lanes_v<T>;
  static constexpr long group = S.heads / S.kv_heads;
  static constexpr long panels = panel_count<T>(S.keys);
  static constexpr long score_stride = panels * lanes;
  static constexpr T lowest = -std::numeric_limits<T>::infinity();

  // The lines of a head of keys: its rows, head by head; of a single row the heads, which lie side
  // by side.
  static constexpr bool single = S.rows == 1;
  static constexpr long lines = single ? group : S.rows;
  static constexpr long query_stride = single ? S.width : S.heads * S.width;
  static constexpr long result_stride = single ? S.value_width : S.heads * S.value_width;

  /// Packs whose sums stay in registers beside one operand.
  static constexpr int budget = (register_file<Arch> == 32       ? 24
                                 : registers_per_pack<Arch> == 4 ? 8
                                                                 : 12) /
                                registers_per_pack<Arch>;
  static constexpr long most_lines = budget >= 24 ? attention_tile_rows : budget >= 6 ? 3 : 1;

  static constexpr int value_packs = static_cast<int>(panel_count<T>(S.value_width));
  static constexpr int value_tail = static_cast<int>(S.value_width % lanes);
  /// Chains of the sum over keys: enough to hide the latency of fma in a single row. Key j belongs
  /// to chain j % chains.
  static constexpr int chains = value_packs >= 4 ? 1 : value_packs >= 2 ? 2 : 4;

  /// How many keys a mask has where no call decides it.
  using all_keys = std::integral_constant<long, S.keys>;

  /// The keys that a row takes part with.
  static ETCH_INLINE interval keys_of(long position, long limit) noexcept {
    long begin = 0, end = limit;
    if (S.causal && position + 1 < end) end = position + 1;
    if (S.window > 0) {
      if (position - S.window + 1 > begin) begin = position - S.window + 1;
      if (!S.causal && position + S.window < end) end = position + S.window;
    }
    return {begin, end};
  }

  /// What the mask makes of the scores of a row from key `first` on; the mask has so many keys.
  template <class Keys>
  static ETCH_INLINE pack masked(pack dot, pack scale, [[maybe_unused]] void const* mask,
                                 [[maybe_unused]] long first, [[maybe_unused]] Keys keys) noexcept {
    if constexpr (S.mask == attention_mask::none) {
      return dot * scale;
    } else {
      using stored = std::conditional_t<S.mask == attention_mask::boolean, bool, T>;
      auto const* const from = static_cast<stored const*>(mask) + first;
      long const left = keys - first;
      pack const m =
          left >= lanes ? pack::template load_convert<stored>(from)
                        : pack::template load_convert_partial<stored>(from, static_cast<int>(left));
      if constexpr (S.mask == attention_mask::boolean)
        return select(m != pack(T(0)), dot * scale, pack(lowest));
      else
        return fma(dot, scale, m);
    }
  }

  /// scores[r][key] for R lines and the keys of P panels.
  template <int R, int P, class Keys>
  static ETCH_INLINE void score_panels(T const* q, T const* keys, pack scale,
                                       void const* const* masks, Keys count, long panel,
                                       T* scores) noexcept {
    constexpr row_grid rows{R, 0, query_stride};
    constexpr panel_grid grid{lanes, S.width * lanes};
    pack sums[R][P];
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      ETCH_UNROLL for (int p = 0; p < P; ++p) { sums[r][p] = pack(T(0)); }
    }
    T const* const from = keys + panel * grid.panel;
    for (long i = 0; i < S.width; ++i)
      multiply_add<rows, grid, lanes>(q + i, from + i * grid.step, sums);
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      ETCH_UNROLL for (int p = 0; p < P; ++p) {
        masked(sums[r][p], scale, masks[r], (panel + p) * lanes, count)
            .store(scores + r * score_stride + (panel + p) * lanes);
      }
    }
  }

  template <int R, int P, class Keys>
  static ETCH_INLINE void score_all(T const* q, T const* keys, pack scale, void const* const* masks,
                                    Keys count, long panel, long last, T* scores) noexcept {
    for (; panel + P <= last; panel += P)
      score_panels<R, P>(q, keys, scale, masks, count, panel, scores);
    if constexpr (P > 1) score_all<R, P / 2>(q, keys, scale, masks, count, panel, last, scores);
  }

  /// Hides what the panels [first, last) have outside of the keys of a line.
  static ETCH_INLINE void hide(T* scores, interval keys, long first, long last) noexcept {
    auto const keep = [&](long panel, auto const& own) ETCH_INLINE_LAMBDA {
      T* const at = scores + panel * lanes;
      select(own, pack::load(at), pack(lowest)).store(at);
    };
    for (long panel = first; panel * lanes < keys.begin; ++panel) {
      long const n = keys.begin - panel * lanes;
      keep(panel, !simd::first_lanes<T, Arch>(static_cast<int>(n < lanes ? n : lanes)));
    }
    for (long panel = last; panel * lanes > keys.end; --panel) {
      long const n = keys.end - (panel - 1) * lanes;
      keep(panel - 1, simd::first_lanes<T, Arch>(static_cast<int>(n > 0 ? n : 0)));
    }
  }

  /// Turns the scores of R lines into exp(score - most), 0 outside of their keys; `scales` becomes
  /// 1 / sum. NaN has no part in a maximum: its exponential takes it into the sum. Lines go side by
  /// side, since each is one chain of dependent steps.
  template <int R>
  static ETCH_INLINE void exponentials(T* scores, interval const* keys, long first, long last,
                                       pack* scales) noexcept {
    pack most[R], sums[R];
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      hide(scores + r * score_stride, keys[r], first, last);
      most[r] = pack(lowest);
      sums[r] = pack(T(0));
    }
    for (long panel = first; panel < last; ++panel) {
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        pack const x = pack::load(scores + r * score_stride + panel * lanes);
        most[r] = max_or_second(x, most[r]);
      }
    }
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      T const top = reduce_max(most[r]);
      most[r] = pack(top == lowest ? T(0) : top);
    }
    for (long panel = first; panel < last; ++panel) {
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        T* const at = scores + r * score_stride + panel * lanes;
        pack const e = exp_to_1(pack::load(at) - most[r]);
        e.store(at);
        sums[r] = sums[r] + e;
      }
    }
    ETCH_UNROLL for (int r = 0; r < R; ++r) {
      T const sum = reduce_add(sums[r]);
      scales[r] = pack(sum == T(0) ? T(0) : T(1) / sum);
    }
  }

  template <int Valid>
  static ETCH_INLINE pack load_value(T const* v) noexcept {
    if constexpr (Valid == lanes) return pack::load(v);
    if constexpr (Valid < lanes) return pack::load_partial(v, Valid);
  }

  /// sums[c][r][p] += weight of key j * value j, for lines [From, To).
  template <int From, int To, int Valid, int R, int P>
  static ETCH_INLINE void add_value(T const* weights, T const* values, long j,
                                    pack (&sums)[R][P]) noexcept {
    constexpr long stride = S.cached ? S.value_width : S.kv_heads * S.value_width;
    T const* const v = values + j * stride;
    pack value[P];
    ETCH_UNROLL for (int p = 0; p + 1 < P; ++p) { value[p] = pack::load(v + p * lanes); }
    value[P - 1] = load_value<Valid>(v + (P - 1) * lanes);
    ETCH_UNROLL for (int r = From; r < To; ++r) {
      pack const weight(weights[r * score_stride + j]);
      ETCH_UNROLL for (int p = 0; p < P; ++p) { sums[r][p] = fma(weight, value[p], sums[r][p]); }
    }
  }

  /// The same for the keys [begin, end).
  template <int From, int To, int Valid, int R, int P>
  static ETCH_INLINE void add_values(T const* weights, T const* values, long begin, long end,
                                     pack (&sums)[chains][R][P]) noexcept {
    auto const some = [&](long j) ETCH_INLINE_LAMBDA {
      ETCH_UNROLL for (int c = 0; c < chains; ++c) {
        if (begin <= j + c && j + c < end)
          add_value<From, To, Valid>(weights, values, j + c, sums[c]);
      }
    };
    long j = begin / chains * chains;
    if (j < begin) {
      some(j);
      j += chains;
    }
    if (j + chains <= end) {
      pack whole[chains][R][P];  // of their own: gcc 12 keeps `sums` in memory for the edges' sake
      copy(sums, whole);
      for (; j + chains <= end; j += chains) {
        ETCH_UNROLL for (int c = 0; c < chains; ++c) {
          add_value<From, To, Valid>(weights, values, j + c, whole[c]);
        }
      }
      copy(whole, sums);
    }
    if (j < end) some(j);
  }

  template <int R, int P>
  static ETCH_INLINE void copy(pack const (&from)[chains][R][P],
                               pack (&to)[chains][R][P]) noexcept {
    ETCH_UNROLL for (int c = 0; c < chains; ++c) {
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        ETCH_UNROLL for (int p = 0; p < P; ++p) { to[c][r][p] = from[c][r][p]; }
      }
    }
  }

  /// The keys that only some of the lines have, line by line; the others are shared.
  template <int Valid, int R, int P, int... L>
  static ETCH_INLINE void add_all_values(T const* weights, T const* values, interval const* keys,
                                         pack (&sums)[chains][R][P],
                                         std::integer_sequence<int, L...>) noexcept {
    long const begin = keys[R - 1].begin, end = keys[0].end;
    long const behind = end > begin ? end : begin;
    auto const least = [](long a, long b) { return a < b ? a : b; };
    (add_values<L, L + 1, Valid>(weights, values, keys[L].begin, least(begin, keys[L].end), sums),
     ...);
    add_values<0, R, Valid>(weights, values, begin, end, sums);
    (add_values<L, L + 1, Valid>(weights, values, behind, keys[L].end, sums), ...);
  }

  /// P packs of the results of R lines, from pack `First` of a head on.
  template <int First, int R>
  static ETCH_INLINE void weigh(T const* weights, T const* values, interval const* keys,
                                pack const* scales, T* y) noexcept {
    if constexpr (First < value_packs) {
      constexpr int most = budget / (R * chains) > 0 ? budget / (R * chains) : 1;
      constexpr int pieces = (value_packs + most - 1) / most;
      constexpr int each = (value_packs + pieces - 1) / pieces;
      constexpr int P = value_packs - First < each ? value_packs - First : each;
      constexpr bool last = First + P == value_packs;
      constexpr int valid = last && value_tail != 0 ? value_tail : static_cast<int>(lanes);
      pack sums[chains][R][P];
      ETCH_UNROLL for (int c = 0; c < chains; ++c) {
        ETCH_UNROLL for (int r = 0; r < R; ++r) {
          ETCH_UNROLL for (int p = 0; p < P; ++p) { sums[c][r][p] = pack(T(0)); }
        }
      }
      add_all_values<valid>(weights, values + First * lanes, keys, sums,
                            std::make_integer_sequence<int, R>{});
      ETCH_UNROLL for (int width = 1; width < chains; width *= 2) {
        ETCH_UNROLL for (int c = 0; c + width < chains; c += 2 * width) {
          ETCH_UNROLL for (int r = 0; r < R; ++r) {
            ETCH_UNROLL for (int p = 0; p < P; ++p) {
              sums[c][r][p] = sums[c][r][p] + sums[c + width][r][p];
            }
          }
        }
      }
      ETCH_UNROLL for (int r = 0; r < R; ++r) {
        T* const to = y + r * result_stride + First * lanes;
        ETCH_UNROLL for (int p = 0; p + 1 < P; ++p) {
          (sums[0][r][p] * scales[r]).store(to + p * lanes);
        }
        pack const end = sums[0][r][P - 1] * scales[r];
        if constexpr (valid == lanes) end.store(to + (P - 1) * lanes);
        if constexpr (valid < lanes) end.store_partial(to + (P - 1) * lanes, valid);
      }
      weigh<First + P, R>(weights, values, keys, scales, y);
    }
  }

  /// R lines of a head, whose positions are position, position + 1, ... (of a single row all the
  /// same) and of which the first `limit` keys are there; a mask has `count` keys.
  template <int R, class Count = all_keys>
  static void tile(T const* q, T const* keys, T const* values, void const* const* masks,
                   long position, long limit, T* scores, T* y, Count count = {}) noexcept {
    constexpr int widest = budget / R < 8 ? (budget / R > 0 ? budget / R : 1) : 8;
    constexpr int at_once = widest >= 8 ? 8 : widest >= 4 ? 4 : widest >= 2 ? 2 : 1;
    T const factor = S.scale != 0 ? static_cast<T>(S.scale)
                                  : static_cast<T>(1 / std::sqrt(static_cast<double>(S.width)));
    interval own[R];
    long most = 0;
    for (int r = 0; r < R; ++r) {
      own[r] = keys_of(single ? position : position + r, limit);
      if (own[r].end > most) most = own[r].end;
    }
    long const first = own[0].begin / lanes, last = (most + lanes - 1) / lanes;
    score_all<R, at_once>(q, keys, pack(factor), masks, count, first, last, scores);
    pack scales[R];
    exponentials<R>(scores, own, first, last, scales);
    weigh<0, R>(scores, values, own, scales, y);
  }

  static ETCH_INLINE void undefined(T* y, long rows) noexcept {
    for (long r = 0; r < rows; ++r)
      for (long i = 0; i < S.value_width; ++i)
        y[r * result_stride + i] = std::numeric_limits<T>::quiet_NaN();
  }

  /// All lines of one head of keys; of q, mask and y the pointers to the first of them.
  static ETCH_INLINE void head(T const* q, T const* keys, T const* values, char const* mask,
                               long position, T* scores, T* y) noexcept {
    constexpr even_pieces down(lines, most_lines);
    constexpr int short_tile = static_cast<int>(down.length);
    long const limit = S.cached && position + S.rows < S.keys ? position + S.rows : S.keys;
    constexpr long mask_bytes =
        S.mask == attention_mask::boolean ? 1 : static_cast<long>(sizeof(T));
    for (long piece = 0; piece < down.pieces; ++piece) {
      long const first = down.start(piece);
      long const rows = piece < down.longer ? short_tile + 1 : short_tile;
      long const at = single ? position : position + first;
      T* const to = y + first * result_stride;
      if (S.cached && (at < 0 || at + (single ? 1 : rows) > S.keys)) {
        edge(q + first * query_stride, keys, values, at, rows, scores, to);
        continue;
      }
      void const* masks[short_tile + 1];
      for (long r = 0; r < rows; ++r)
        masks[r] = mask + (first + r) * (single ? S.mask_head : S.mask_row) * mask_bytes;
      T const* const from = q + first * query_stride;
      if constexpr (down.longer > 0) {
        if (piece < down.longer) {
          tile<short_tile + 1>(from, keys, values, masks, at, limit, scores, to);
          continue;
        }
      }
      tile<short_tile>(from, keys, values, masks, at, limit, scores, to);
    }
  }

  /// The lines [line, rows) of a head of keys of which the first `limit` are there: in tiles of R
  /// lines, then in tiles of half as many. Rows of the mask lie `mask_row` bytes apart.
  template <int R>
  static ETCH_INLINE void leading_lines(T const* q, T const* keys, T const* values,
                                        char const* mask, long mask_row, long line, long rows,
                                        long limit, T* scores, T* y) noexcept {
    for (; line + R <= rows; line += R) {
      void const* masks[R]{};
      if constexpr (S.mask != attention_mask::none)
        for (int r = 0; r < R; ++r) masks[r] = mask + (line + r) * mask_row;
      tile<R>(q + line * query_stride, keys, values, masks, single ? 0 : line, limit, scores,
              y + line * result_stride, limit);
    }
    if constexpr (R > 1)
      leading_lines<R / 2>(q, keys, values, mask, mask_row, line, rows, limit, scores, y);
  }

  /// A tile of which not all rows have a place in the cache: row by row, those without are NaN.
  ETCH_COLD static void edge(T const* q, T const* keys, T const* values, long position, long rows,
                             T* scores, T* y) noexcept {
    void const* const none = nullptr;
    for (long r = 0; r < rows; ++r) {
      long const at = single ? position : position + r;
      if (at < 0 || at >= S.keys)
        undefined(y + r * result_stride, 1);
      else
        tile<1>(q + r * query_stride, keys, values, &none, at, S.keys, scores,
                y + r * result_stride);
    }
  }
};

}  // namespace detail

/// softmax(scale q k^T + mask) v for each head: query t, at position first + t of the sequence,
/// takes part with the keys before it (causal), with those within the window, or with all.
/// layout    q and y [batch][rows][heads][width]; keys and values [batch][keys][kv_heads][width],
///           or, cached, keys as panels [kv_heads][panels][width][lanes] and values
///           [kv_heads][keys][width], of which the first first + rows are there; scratch for
///           attention_scratch elements
/// numerics  a score is one chain of fma over the width; exponentials are added up along the keys,
///           key j in lane j % lanes; weighted values in attention_kernel::chains chains, key j in
///           chain j % chains; then one product with 1 / sum. What a row adds up, and in which
///           order, depends on its position alone. A row without keys that take part is 0; cached,
///           one whose position is no row of the cache is NaN
/// source    Vaswani et al. 2017; Ainslie et al. 2023 (grouped queries); ONNX Attention-23
template <class T, attention_shape S, class Arch = simd::default_arch, class Share = whole>
void attention(T const* q, T const* keys, T const* values, void const* mask, long first, T* scratch,
               T* y, Share share = {}) noexcept {
  static_assert(S.heads % S.kv_heads == 0, "etch: attention: heads do not share keys evenly");
  using kernel = detail::attention_kernel<T, S, Arch>;
  constexpr long mask_bytes = S.mask == attention_mask::boolean ? 1 : static_cast<long>(sizeof(T));
  T* const panels = scratch + attention_tile_rows * kernel::score_stride;
  interval const mine = share.of(S.batch * S.kv_heads);
  for (long unit = mine.begin; unit < mine.end; ++unit) {
    long const batch = unit / S.kv_heads, kv_head = unit % S.kv_heads;
    T const *own_keys = panels, *own_values = nullptr;
    if constexpr (S.cached) {
      constexpr long head_elements = key_panel_elements<T>(S);
      own_keys = keys + kv_head * head_elements;
      own_values = values + kv_head * S.keys * S.value_width;
    } else {
      constexpr long stride = S.kv_heads * S.width;
      detail::pack_keys<T, S.width, stride>(keys + batch * S.keys * stride + kv_head * S.width,
                                            S.keys, panels);
      own_values = values + (batch * S.keys * S.kv_heads + kv_head) * S.value_width;
    }
    for (long of_group = 0; of_group < (kernel::single ? 1 : kernel::group); ++of_group) {
      long const head = kv_head * kernel::group + of_group;
      char const* own_mask = static_cast<char const*>(mask);
      if constexpr (S.mask != attention_mask::none)
        own_mask += (batch * S.mask_batch + head * S.mask_head) * mask_bytes;
      kernel::head(q + (batch * S.rows * S.heads + head) * S.width, own_keys, own_values, own_mask,
                   first, scratch, y + (batch * S.rows * S.heads + head) * S.value_width);
    }
  }
}

/// A mask whose extents are known in the call: from one head or query to the next, in elements.
struct mask_in_call {
  void const* elements = nullptr;
  long head = 0, row = 0;
};

/// The same for the first `rows` queries and the first `count` keys of those that S allows for: bit
/// for bit what a shape of so many gives.
template <class T, attention_shape S, class Arch = simd::default_arch, class Share = whole>
void attention_leading(T const* q, T const* keys, T const* values, mask_in_call const& mask,
                       long rows, long count, T* scratch, T* y, Share share = {}) noexcept {
  static_assert(S.batch == 1 && !S.cached,
                "etch: attention: a batch or a cache whose rows are counted in the call");
  using kernel = detail::attention_kernel<T, S, Arch>;
  constexpr long mask_bytes = S.mask == attention_mask::boolean ? 1 : static_cast<long>(sizeof(T));
  T* const panels = scratch + attention_tile_rows * kernel::score_stride;
  interval const mine = share.of(S.kv_heads);
  for (long kv_head = mine.begin; kv_head < mine.end; ++kv_head) {
    detail::pack_keys<T, S.width, S.kv_heads * S.width>(keys + kv_head * S.width, count, panels);
    for (long of_group = 0; of_group < (kernel::single ? 1 : kernel::group); ++of_group) {
      long const head = kv_head * kernel::group + of_group;
      auto const* own_mask = static_cast<char const*>(mask.elements);
      if constexpr (S.mask != attention_mask::none) own_mask += head * mask.head * mask_bytes;
      kernel::template leading_lines<static_cast<int>(kernel::most_lines)>(
          q + head * S.width, panels, values + kv_head * S.value_width, own_mask,
          (kernel::single ? mask.head : mask.row) * mask_bytes, 0,
          kernel::single ? kernel::group : rows, count, scratch, y + head * S.value_width);
    }
  }
}

}  // namespace ETCH_ISA
}  // namespace etch::kernels
