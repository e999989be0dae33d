#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "amp/amp_model.hpp"

namespace amp {

/// The amplifier as an audio callback: made once, then called with whatever comes.
class processor {
 public:
  /// Lets the net settle on silence, where every stream then starts.
  explicit processor(etch::weights<AmpNet> weights) : run_(std::move(weights)) {
    run_.prewarm(samples_per_second / 4);
    settled_ = run_.save();
  }

  /// out[i] = what the amplifier makes of in[0] ... in[i]; `out` may be `in`. Goes on where the
  /// last call ended, so the size of the blocks changes nothing. Takes no memory, no lock and makes
  /// no system call. A sample that is no finite number counts as silence, and none as louder than
  /// 18 dB above full scale: the net would remember it.
  void process(float const* in, float* out, int frames) noexcept {
    constexpr float loudest = 8;
    etch::flush_denormals const during_all_calls;
    for (int i = 0; i < frames; ++i) {
      float const guitar = std::isfinite(in[i]) ? std::clamp(in[i], -loudest, loudest) : 0.0f;
      out[i] = run_(std::array{guitar})[0];
    }
  }

  /// Forgets what was played.
  void reset() noexcept {
    run_.restore(settled_).value();  // it is this session's own
  }

 private:
  etch::session<AmpNet> run_;
  std::vector<std::byte> settled_;
};

}  // namespace amp
