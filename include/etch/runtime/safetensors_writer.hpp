#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/runtime/problem_list.hpp>
#include <etch/runtime/replace_file.hpp>
#include <etch/runtime/safetensors.hpp>
#include <etch/runtime/stored_tensor.hpp>
#include <etch/runtime/utf8.hpp>

namespace etch::runtime {

namespace detail {

/// Appends `text`, which is UTF-8, as a JSON string.
inline void append_json(std::string& out, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

inline void check_to_save(stored_tensor const& tensor, problem_list& problems) {
  auto problem = [&](std::string const& what) {
    problems.add(errc::invalid_argument, in_quotes(tensor.name) + what);
  };
  if (tensor.name == "__metadata__") problem(": the name is taken by the format");
  if (first_bad_utf8(tensor.name) != tensor.name.size()) problem(": the name is not UTF-8");
  if (tensor.shape.size() > header_reader::most_dimensions)
    problem(": the shape has " + std::to_string(tensor.shape.size()) + " dimensions, at most " +
            std::to_string(header_reader::most_dimensions) + " are expected");
  auto const known = storage_type_named(tensor.type.name);
  if (!known || known->bits != tensor.type.bits)
    return problem(": unknown dtype " + in_quotes(tensor.type.name));
  std::string const described = describe(tensor.type, tensor.shape);
  auto const bytes = bytes_of(tensor.type, tensor.shape);
  if (!bytes)
    problem(" is " + described + ", whose size cannot be counted in whole bytes of 64 bits");
  else if (*bytes != tensor.data.size())
    problem(" is " + described + ", which takes " + std::to_string(*bytes) +
            " bytes, but its data are " + std::to_string(tensor.data.size()));
}

inline void append_metadata(std::string& json, weights_metadata const& metadata) {
  json += "\"__metadata__\":{";
  bool is_first = true;
  for (auto const& [key, value] : metadata) {
    if (!std::exchange(is_first, false)) json += ',';
    append_json(json, key);
    json += ':';
    append_json(json, value);
  }
  json += '}';
}

inline void append_tensor(std::string& json, stored_tensor const& tensor, std::uint64_t offset) {
  append_json(json, tensor.name);
  json += ":{\"dtype\":\"";
  json += tensor.type.name;
  json += "\",\"shape\":[";
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    if (i > 0) json += ',';
    json += std::to_string(tensor.shape[i]);
  }
  json += "],\"data_offsets\":[" + std::to_string(offset) + ',' +
          std::to_string(offset + tensor.data.size()) + "]}";
}

}  // namespace detail

/// Saves tensors as a safetensors file, in one step: see `replace_file`.
///   std::array tensors{stored_tensor::of<float>("fc1.bias", {512}, bias)};
///   auto saved = save_safetensors("digits.safetensors", tensors, {{"epoch", "12"}});
/// The same tensors give the same bytes, whatever their order: the largest elements come first, and
/// within them names are sorted, so that all data are aligned when the file is mapped. What `open`
/// reads can be saved over the file it was read from.
/// errors  a tensor does not fit its dtype and shape, a name comes twice, a name or the metadata
///         are not UTF-8, the header is too long (all reported at once); the file cannot be written
[[nodiscard]] inline result<void> save_safetensors(std::string const& path,
                                                   std::span<stored_tensor const> tensors,
                                                   weights_metadata const& metadata = {}) {
  problem_list problems;
  std::vector<stored_tensor const*> order;
  for (stored_tensor const& tensor : tensors) {
    detail::check_to_save(tensor, problems);
    order.push_back(&tensor);
  }
  std::sort(order.begin(), order.end(),
            [](auto const* a, auto const* b) { return a->name < b->name; });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (order[i]->name == order[i - 1]->name)
      problems.add(errc::invalid_argument, in_quotes(order[i]->name) + " is given twice");
  for (auto const& [key, value] : metadata)
    if (first_bad_utf8(key) != key.size() || first_bad_utf8(value) != value.size())
      problems.add(errc::invalid_argument, "'__metadata__': " + in_quotes(key) + " is not UTF-8");
  std::stable_sort(order.begin(), order.end(),
                   [](auto const* a, auto const* b) { return a->type.bits > b->type.bits; });

  std::string header = "{";
  if (!metadata.empty()) detail::append_metadata(header, metadata);
  std::vector<std::span<std::byte const>> pieces(2);
  std::uint64_t offset = 0;
  for (stored_tensor const* tensor : order) {
    if (header.size() > 1) header += ',';
    detail::append_tensor(header, *tensor, offset);
    pieces.push_back(tensor->data);
    offset += tensor->data.size();
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  if (header.size() > safetensors::most_header_bytes)
    problems.add(errc::invalid_argument,
                 "the header takes " + std::to_string(header.size()) + " bytes, at most " +
                     std::to_string(safetensors::most_header_bytes) + " are allowed");
  if (!problems.empty()) return problems.to_error("save", path);

  std::array<std::byte, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<std::byte>(header.size() >> 8 * i & 0xff);
  pieces[0] = length;
  pieces[1] = std::as_bytes(std::span(header));
  return replace_file(path, pieces);
}

}  // namespace etch::runtime

namespace etch {
using runtime::save_safetensors;
using runtime::weights_metadata;
}  // namespace etch
