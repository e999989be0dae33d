#pragma once

#include <sndfile.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <etch/core/result.hpp>

namespace amp {

namespace detail {

struct close_sound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using sound_file = std::unique_ptr<SNDFILE, close_sound>;

inline etch::error wave_error(etch::errc code, std::string const& path, std::string const& what) {
  return {code, "etch: wav: '" + path + "' " + what, path};
}

/// What a RIFF file says of itself in its first twelve bytes. libsndfile reads as much of a
/// truncated file as is there and does not say so.
inline etch::result<void> check_riff(std::string const& path) {
  std::error_code code;
  auto const refuse = [&](etch::errc kind, std::string const& what) {
    return wave_error(kind, path, what);
  };
  if (!std::filesystem::exists(path, code)) return refuse(etch::errc::not_found, "does not exist");
  if (!std::filesystem::is_regular_file(path, code))
    return refuse(etch::errc::unreadable, "is not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) return refuse(etch::errc::unreadable, "cannot be read");
  std::array<unsigned char, 12> head{};
  file.read(reinterpret_cast<char*>(head.data()), head.size());
  if (file.gcount() == 0) return refuse(etch::errc::bad_format, "is empty");
  auto const text = [&](std::size_t at) {
    return std::string_view(reinterpret_cast<char const*>(head.data()) + at, 4);
  };
  if (file.gcount() < 12 || text(0) != "RIFF" || text(8) != "WAVE")
    return refuse(etch::errc::bad_format, "is not a WAV");
  std::uint64_t claimed = 8;
  for (std::size_t i = 0; i < 4; ++i) claimed += std::uint64_t{head[4 + i]} << (8 * i);
  std::uint64_t const found = std::filesystem::file_size(path, code);
  if (claimed > found)
    return refuse(etch::errc::bad_format, "is truncated: it claims " + std::to_string(claimed) +
                                              " bytes and has " + std::to_string(found));
  return {};
}

}  // namespace detail

/// The samples of a WAV with one channel and `rate` samples a second, 1 for full scale.
/// errors  the file is missing, unreadable, empty, not a WAV, truncated, of another rate or number
///         of channels, without samples, or has one that is not a finite number
inline etch::result<std::vector<float>> read_wav(std::string const& path, int rate) {
  using etch::errc;
  auto const refuse = [&](errc code, std::string const& what) {
    return detail::wave_error(code, path, what);
  };
  if (auto const riff = detail::check_riff(path); !riff) return riff.error();
  SF_INFO info{};
  detail::sound_file const file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file)
    return refuse(errc::bad_format, std::string("cannot be read: ") + sf_strerror(nullptr));
  if (info.channels != 1)
    return refuse(errc::mismatch, "has " + std::to_string(info.channels) + " channels, expected 1");
  if (info.samplerate != rate)
    return refuse(errc::mismatch, "has " + std::to_string(info.samplerate) +
                                      " samples a second, the net was trained for " +
                                      std::to_string(rate));
  if (info.frames < 1) return refuse(errc::mismatch, "has no samples");
  std::vector<float> samples(static_cast<std::size_t>(info.frames));
  if (sf_count_t const read = sf_readf_float(file.get(), samples.data(), info.frames);
      read != info.frames)
    return refuse(errc::bad_format, "is truncated: it claims " + std::to_string(info.frames) +
                                        " samples and has " + std::to_string(read));
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (!std::isfinite(samples[i]))
      return refuse(errc::bad_format, "has a sample that is not a finite number: number " +
                                          std::to_string(i) + " is " + std::to_string(samples[i]));
  return samples;
}

/// Writes samples as a WAV of one channel with 32-bit floats, which clip nothing.
/// errors  the file cannot be written
inline etch::result<void> write_wav(std::string const& path, std::span<float const> samples,
                                    int rate) {
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  detail::sound_file const file(sf_open(path.c_str(), SFM_WRITE, &info));
  // Without the chunk of peaks, which holds the time: equal samples make equal files.
  if (file) sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
  auto const count = static_cast<sf_count_t>(samples.size());
  if (!file || sf_writef_float(file.get(), samples.data(), count) != count)
    return detail::wave_error(etch::errc::unwritable, path,
                              std::string("cannot be written: ") + sf_strerror(file.get()));
  return {};
}

}  // namespace amp
