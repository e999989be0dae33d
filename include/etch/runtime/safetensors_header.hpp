#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/core/result.hpp>
#include <etch/runtime/json_reader.hpp>
#include <etch/runtime/problem_list.hpp>
#include <etch/runtime/storage_type.hpp>

namespace etch::runtime {

using weights_metadata = std::map<std::string, std::string, std::less<>>;

/// What a safetensors header says about one tensor; what is missing or wrong stays empty.
struct header_tensor {
  std::string name;
  std::optional<storage_type> type;
  std::optional<std::vector<std::int64_t>> shape;
  struct byte_range {
    std::uint64_t begin;
    std::uint64_t end;
  };
  std::optional<byte_range> offsets;
};

struct safetensors_header {
  std::vector<header_tensor> tensors;  ///< in the order of the header
  weights_metadata metadata;
};

/// Reads the JSON header of a safetensors file and adds what is wrong with it to `problems`.
///   auto header = header_reader(json, problems).read();
/// It checks what the header says by itself; whether that fits the data is `check_layout`'s work.
/// After bytes that are not JSON nothing more is read.
class header_reader {
 public:
  /// PyTorch and numpy stop at 64 and 32 dimensions.
  static constexpr std::size_t most_dimensions = 32;
  /// The length field stands before the header: positions are told as positions in the file.
  static constexpr std::size_t header_begins = 8;

  header_reader(std::string_view text, problem_list& problems)
      : text_(text), json_(text), problems_(problems) {}

  safetensors_header read() {
    if (text_.empty() || text_.front() != '{') {
      problem("the header does not begin with '{'");
      return {};
    }
    std::string name;
    json_.enter_object();
    while (json_.next_key(name)) {
      if (name == "__metadata__")
        read_metadata();
      else
        read_tensor(name);
    }
    is_json_ = json_.finish();
    if (!is_json_)
      problem("byte " + std::to_string(header_begins + json_.offset()) +
              ": the header is not JSON: " + json_.problem());
    return std::move(header_);
  }

  /// Whether all of the header could be read, be it wrong or right.
  [[nodiscard]] bool is_json() const noexcept { return is_json_; }

 private:
  void problem(std::string what) { problems_.add(errc::bad_format, std::move(what)); }

  void read_metadata() {
    if (has_metadata_) problem("'__metadata__' is given twice");
    has_metadata_ = true;
    if (json_.next() != json_kind::object) return unexpected("'__metadata__' is not an object");
    std::string key;
    std::string value;
    json_.enter_object();
    while (json_.next_key(key)) {
      if (json_.next() != json_kind::string) {
        unexpected("'__metadata__': " + in_quotes(key) + " is not a string");
        continue;
      }
      if (!json_.read_string(value)) return;
      if (!header_.metadata.emplace(key, value).second)
        problem("'__metadata__': " + in_quotes(key) + " is given twice");
    }
  }

  void read_tensor(std::string const& name) {
    header_tensor tensor{name, {}, {}, {}};
    if (json_.next() != json_kind::object) {
      unexpected(in_quotes(name) + " is not an object with dtype, shape and data_offsets");
      header_.tensors.push_back(std::move(tensor));
      return;
    }
    bool has_dtype = false;
    bool has_shape = false;
    bool has_offsets = false;
    std::string key;
    auto first = [&](bool& has) {
      if (has) problem(in_quotes(name) + ": " + key + " is given twice");
      return !std::exchange(has, true);
    };
    json_.enter_object();
    while (json_.next_key(key)) {
      if (key == "dtype" && first(has_dtype))
        read_dtype(tensor);
      else if (key == "shape" && first(has_shape))
        read_shape(tensor);
      else if (key == "data_offsets" && first(has_offsets))
        read_offsets(tensor);
      else if (key == "dtype" || key == "shape" || key == "data_offsets")
        json_.skip_value();
      else
        unexpected(in_quotes(name) + ": unknown key " + in_quotes(key));
    }
    if (json_.failed()) return;
    if (!has_dtype) problem(in_quotes(name) + " has no dtype");
    if (!has_shape) problem(in_quotes(name) + " has no shape");
    if (!has_offsets) problem(in_quotes(name) + " has no data_offsets");
    header_.tensors.push_back(std::move(tensor));
  }

  void read_dtype(header_tensor& tensor) {
    if (json_.next() != json_kind::string)
      return unexpected(in_quotes(tensor.name) + ": dtype is not a string");
    std::string name;
    if (!json_.read_string(name)) return;
    tensor.type = storage_type_named(name);
    if (!tensor.type) problem(in_quotes(tensor.name) + ": unknown dtype " + in_quotes(name));
  }

  void read_shape(header_tensor& tensor) {
    if (json_.next() != json_kind::array)
      return unexpected(in_quotes(tensor.name) + ": shape is not an array");
    std::vector<std::int64_t> shape;
    std::size_t rank = 0;
    bool is_good = true;
    json_.enter_array();
    while (json_.next_element()) {
      constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      auto const extent = read_count(tensor.name, "shape", most, is_good);
      if (++rank <= most_dimensions && extent) shape.push_back(static_cast<std::int64_t>(*extent));
    }
    if (json_.failed()) return;
    if (rank > most_dimensions)
      problem(in_quotes(tensor.name) + ": shape has " + std::to_string(rank) +
              " dimensions, at most " + std::to_string(most_dimensions) + " are expected");
    else if (is_good)
      tensor.shape = std::move(shape);
  }

  void read_offsets(header_tensor& tensor) {
    if (json_.next() != json_kind::array)
      return unexpected(in_quotes(tensor.name) + ": data_offsets is not an array");
    std::uint64_t ends[2] = {};
    std::size_t count = 0;
    bool is_good = true;
    json_.enter_array();
    while (json_.next_element()) {
      constexpr auto most = std::numeric_limits<std::uint64_t>::max();
      auto const offset = read_count(tensor.name, "data_offsets", most, is_good);
      if (count < 2 && offset) ends[count] = *offset;
      ++count;
    }
    if (json_.failed()) return;
    if (count != 2)
      problem(in_quotes(tensor.name) + ": data_offsets has " + std::to_string(count) +
              " elements, 2 are expected");
    else if (is_good)
      tensor.offsets = {ends[0], ends[1]};
  }

  /// A whole number from 0 to `most`. Only the first bad element of an array is a problem.
  std::optional<std::uint64_t> read_count(std::string_view name, char const* key,
                                          std::uint64_t most, bool& is_good) {
    auto refuse = [&](std::string const& what) {
      if (std::exchange(is_good, false)) problem(in_quotes(name) + ": " + key + " holds " + what);
      return std::nullopt;
    };
    if (json_.next() != json_kind::number) {
      if (!json_.skip_value()) return std::nullopt;
      return refuse("something that is not a number");
    }
    std::string_view digits;
    if (!json_.read_number(digits)) return std::nullopt;
    if (digits.front() == '-') return refuse(in_quotes(digits) + ", which is negative");
    if (digits.find_first_of(".eE") != digits.npos)
      return refuse(in_quotes(digits) + ", which is not a plain whole number");
    std::uint64_t number = 0;
    auto const [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (code != std::errc{} || number > most)
      return refuse(in_quotes(digits) + ", which is too large");
    return number;
  }

  void unexpected(std::string what) {
    problem(std::move(what));
    json_.skip_value();
  }

  std::string_view text_;
  json_reader json_;
  problem_list& problems_;
  safetensors_header header_;
  bool has_metadata_ = false;
  bool is_json_ = false;
};

}  // namespace etch::runtime
