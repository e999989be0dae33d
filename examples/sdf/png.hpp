#pragma once

#include <png.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <etch/runtime/replace_file.hpp>

#include "sdf/picture.hpp"

namespace sdf {

/// Writes the picture as a PNG of 8 bits a channel.
/// errors  the file cannot be written; libpng refuses
inline etch::result<void> write_png(picture const& of, std::string const& path) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(3 * of.pixels.size());
  for (vec3 const& pixel : of.pixels) {
    vec3 const shown = displayed(pixel) * 255.0f;
    for (float channel : {shown.x, shown.y, shown.z})
      bytes.push_back(static_cast<std::uint8_t>(channel + 0.5f));
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(of.width);
  image.height = static_cast<png_uint_32>(of.height);
  image.format = PNG_FORMAT_RGB;
  auto const refuse = [&] {
    return etch::error{etch::errc::unwritable, std::string("etch: png: ") + image.message, path};
  };
  png_alloc_size_t size = 0;
  if (!png_image_write_get_memory_size(image, size, 0, bytes.data(), 0, nullptr)) return refuse();
  std::vector<std::byte> file(size);
  if (!png_image_write_to_memory(&image, file.data(), &size, 0, bytes.data(), 0, nullptr))
    return refuse();
  std::span<std::byte const> const all(file.data(), size);
  return etch::runtime::replace_file(path, {&all, 1});
}

}  // namespace sdf
