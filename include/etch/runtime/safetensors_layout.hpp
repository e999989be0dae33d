#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/runtime/problem_list.hpp>
#include <etch/runtime/safetensors_header.hpp>

namespace etch::runtime {

namespace detail {

inline std::string range_text(header_tensor::byte_range range) {
  // by appending: gcc 12.2 at -O3 has a false -Wrestrict for "[" + std::string
  std::string text = "[";
  text += std::to_string(range.begin);
  text += ',';
  text += std::to_string(range.end);
  text += ')';
  return text;
}

/// Whether dtype, shape and offsets of one tensor agree and lie within the data.
inline void check_tensor(header_tensor const& tensor, std::uint64_t data_bytes,
                         problem_list& problems) {
  auto problem = [&](std::string const& what) {
    problems.add(errc::bad_format, in_quotes(tensor.name) + what);
  };
  bool is_range = false;
  if (tensor.offsets) {
    auto const [begin, end] = *tensor.offsets;
    is_range = begin <= end && end <= data_bytes;
    if (begin > end)
      problem(": data_offsets " + range_text(*tensor.offsets) + " end before they begin");
    else if (end > data_bytes)
      problem(": data_offsets " + range_text(*tensor.offsets) + " end past the data, which are " +
              std::to_string(data_bytes) + " bytes");
  }
  if (!tensor.type || !tensor.shape) return;
  std::string const described = describe(*tensor.type, *tensor.shape);
  auto const bytes = bytes_of(*tensor.type, *tensor.shape);
  if (!bytes) {
    problem(" is " + described + ", whose size cannot be counted in whole bytes of 64 bits");
  } else if (is_range && *bytes != tensor.offsets->end - tensor.offsets->begin) {
    problem(" is " + described + ", which takes " + std::to_string(*bytes) +
            " bytes, but data_offsets " + range_text(*tensor.offsets) + " span " +
            std::to_string(tensor.offsets->end - tensor.offsets->begin));
  }
}

/// Whether the tensors cover the data exactly: no byte twice, no byte unused.
inline void check_cover(std::span<header_tensor const> tensors, std::uint64_t data_bytes,
                        problem_list& problems) {
  std::vector<header_tensor const*> by_offset;
  bool is_complete = true;  // else a hole says nothing: a tensor of unknown place may fill it
  for (header_tensor const& tensor : tensors) {
    if (tensor.offsets && tensor.offsets->begin <= tensor.offsets->end &&
        tensor.offsets->end <= data_bytes)
      by_offset.push_back(&tensor);
    else
      is_complete = false;
  }
  std::sort(by_offset.begin(), by_offset.end(), [](auto const* a, auto const* b) {
    return std::pair(a->offsets->begin, a->offsets->end) <
           std::pair(b->offsets->begin, b->offsets->end);
  });
  auto hole = [&](std::uint64_t begin, std::uint64_t end) {
    if (is_complete)
      problems.add(errc::bad_format,
                   "bytes " + range_text({begin, end}) + " of the data belong to no tensor");
  };
  std::uint64_t covered = 0;
  header_tensor const* last = nullptr;  // the one that reaches `covered`
  for (header_tensor const* tensor : by_offset) {
    auto const [begin, end] = *tensor->offsets;
    if (last && begin < covered)
      problems.add(errc::bad_format, in_quotes(tensor->name) + " " + range_text(*tensor->offsets) +
                                         " overlaps " + in_quotes(last->name) + " " +
                                         range_text(*last->offsets));
    if (begin > covered) hole(covered, begin);
    if (end < covered) continue;
    covered = end;
    last = tensor;
  }
  if (covered < data_bytes) hole(covered, data_bytes);
}

}  // namespace detail

/// Adds to `problems` what does not fit in a header that was read: dtype and shape against
/// data_offsets, data_offsets against the data, and tensors against each other.
/// Takes n log n steps for n tensors; `header.tensors` ends up sorted by name.
inline void check_layout(safetensors_header& header, std::uint64_t data_bytes,
                         problem_list& problems) {
  for (header_tensor const& tensor : header.tensors)
    detail::check_tensor(tensor, data_bytes, problems);
  detail::check_cover(header.tensors, data_bytes, problems);
  std::sort(header.tensors.begin(), header.tensors.end(),
            [](auto const& a, auto const& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < header.tensors.size(); ++i)
    if (header.tensors[i].name == header.tensors[i - 1].name)
      problems.add(errc::bad_format, in_quotes(header.tensors[i].name) + " is given twice");
}

}  // namespace etch::runtime
