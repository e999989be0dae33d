#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/runtime/mapped_file.hpp>
#include <etch/runtime/problem_list.hpp>
#include <etch/runtime/safetensors_header.hpp>
#include <etch/runtime/safetensors_layout.hpp>
#include <etch/runtime/stored_tensor.hpp>

namespace etch::runtime {

/// A Hugging Face safetensors file: an 8-byte little-endian length, a JSON header of that length,
/// and the data of the tensors.
///   auto file = safetensors::open("digits.safetensors");
///   if (!file) return log(file.error().text);
///   stored_tensor const* bias = file->find("fc1.bias");
/// All of the header is checked before anything is handed out; every problem is reported, in one
/// error. What a tensor's elements are is not looked at (`count_nan`). Data may lie at any address:
/// `stored_tensor::values` checks, `convert_to` copies.
/// errors  the file cannot be read; it breaks the format: see `header_reader` and `check_layout`
/// source  huggingface/safetensors, README.md, "Format"
class safetensors {
 public:
  /// The format's own limit.
  static constexpr std::uint64_t most_header_bytes = 100'000'000;

  /// Maps the file; the tensors point into it and live as long as this object.
  [[nodiscard]] static result<safetensors> open(std::string const& path) {
    auto file = mapped_file::open(path);
    if (!file) return std::move(file).error();
    auto parsed = from_memory(file->bytes(), path);
    if (parsed) parsed->file_ = *std::move(file);
    return parsed;
  }

  /// Reads a file that is in memory already. The bytes are not copied: they must outlive this.
  [[nodiscard]] static result<safetensors> from_memory(std::span<std::byte const> bytes,
                                                       std::string name) {
    safetensors file;
    file.name_ = std::move(name);
    problem_list problems;
    auto const text = header_text(bytes, problems);
    if (problems.empty()) file.read(text, bytes.subspan(8 + text.size()), problems);
    if (!problems.empty()) return problems.to_error("safetensors", file.name_);
    return file;
  }

  /// The path, or the name that was given to `from_memory`.
  [[nodiscard]] std::string const& name() const noexcept { return name_; }
  /// All tensors, sorted by name.
  [[nodiscard]] std::span<stored_tensor const> tensors() const noexcept { return tensors_; }
  [[nodiscard]] weights_metadata const& metadata() const noexcept { return metadata_; }

  /// The tensor of that name, or null.
  [[nodiscard]] stored_tensor const* find(std::string_view name) const noexcept {
    auto const at = std::lower_bound(
        tensors_.begin(), tensors_.end(), name,
        [](stored_tensor const& tensor, std::string_view wanted) { return tensor.name < wanted; });
    return at != tensors_.end() && at->name == name ? &*at : nullptr;
  }

 private:
  safetensors() = default;

  static std::string_view header_text(std::span<std::byte const> bytes, problem_list& problems) {
    auto refuse = [&](std::string what) {
      problems.add(errc::bad_format, std::move(what));
      return std::string_view();
    };
    if (bytes.empty()) return refuse("the file is empty");
    if (bytes.size() < 8)
      return refuse("the file has " + std::to_string(bytes.size()) +
                    " bytes, at least 8 are expected");
    std::uint64_t length = 0;
    for (std::size_t i = 8; i-- > 0;) length = length << 8 | std::to_integer<unsigned>(bytes[i]);
    if (length > most_header_bytes)
      return refuse("the header claims " + std::to_string(length) + " bytes, at most " +
                    std::to_string(most_header_bytes) + " are allowed");
    if (length > bytes.size() - 8)
      return refuse("the header claims " + std::to_string(length) + " bytes, the file has " +
                    std::to_string(bytes.size() - 8) + " after the length");
    return {reinterpret_cast<char const*>(bytes.data()) + 8, static_cast<std::size_t>(length)};
  }

  void read(std::string_view text, std::span<std::byte const> data, problem_list& problems) {
    header_reader reader(text, problems);
    safetensors_header header = reader.read();
    if (!reader.is_json()) return;
    check_layout(header, data.size(), problems);
    if (!problems.empty()) return;
    metadata_ = std::move(header.metadata);
    tensors_.reserve(header.tensors.size());
    for (header_tensor& tensor : header.tensors) {
      auto const begin = static_cast<std::size_t>(tensor.offsets->begin);
      auto const end = static_cast<std::size_t>(tensor.offsets->end);
      tensors_.push_back({std::move(tensor.name), *tensor.type, *std::move(tensor.shape),
                          data.subspan(begin, end - begin)});
    }
  }

  std::string name_;
  mapped_file file_;
  std::vector<stored_tensor> tensors_;
  weights_metadata metadata_;
};

}  // namespace etch::runtime

namespace etch {
using runtime::safetensors;
}
