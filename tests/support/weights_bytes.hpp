#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace etch_test {

/// A safetensors file as bytes: the length that the header claims, the header, `data_bytes` zeros.
inline std::string weights_bytes(std::string_view header, std::size_t data_bytes,
                                 std::uint64_t claimed_length) {
  std::string file;
  for (int i = 0; i < 8; ++i) file += static_cast<char>(claimed_length >> 8 * i & 0xff);
  file += header;
  file.append(data_bytes, '\0');
  return file;
}

inline std::string weights_bytes(std::string_view header, std::size_t data_bytes = 0) {
  return weights_bytes(header, data_bytes, header.size());
}

inline std::span<std::byte const> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace etch_test
