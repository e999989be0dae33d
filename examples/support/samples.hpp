#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <etch/runtime/safetensors.hpp>

namespace support {

/// The sample images of examples/digits, with what they show.
class samples {
 public:
  static constexpr std::size_t pixels = 784;

  explicit samples(std::string const& path)
      : file_(etch::safetensors::open(path).value_or_throw()),
        images_(values<float>("images")),
        labels_(values<std::int64_t>("labels")) {}

  std::size_t size() const { return labels_.size(); }
  std::span<float const, pixels> image(std::size_t i) const {
    return images_.subspan(i * pixels).first<pixels>();
  }
  std::int64_t label(std::size_t i) const { return labels_[i]; }

 private:
  template <class T>
  std::span<T const> values(char const* name) const {
    auto const* tensor = file_.find(name);
    if (tensor == nullptr)
      etch::raise({etch::errc::mismatch,
                   "etch: samples: '" + file_.name() + "' has no '" + name + "'", file_.name()});
    return tensor->values<T>().value_or_throw();
  }

  etch::safetensors file_;
  std::span<float const> images_;
  std::span<std::int64_t const> labels_;
};

}  // namespace support
