#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include <etch/runtime/aligned_memory.hpp>
#include <etch/runtime/entries.hpp>
#include <etch/runtime/recipes.hpp>

namespace etch {

/// What `load` may be told.
struct load_options {
  /// The instruction set to run, if not the best that the processor has; before ETCH_ISA.
  std::optional<isa> set{};
  weight_policy policy{};
};

/// The weights of a model, folded and packed: immutable, shared by copies and by all sessions on
/// any thread.
template <class Model>
class weights {
 public:
  std::byte const* data() const noexcept { return block_->data(); }
  static constexpr std::int64_t size_bytes() noexcept { return Model::memory().weights_bytes; }
  /// The instruction set that sessions run.
  isa set() const noexcept { return entry_->set; }
  isa_entry const& entry() const noexcept { return *entry_; }

  /// Reads, checks, folds and packs what `file` holds.
  static result<weights> from(safetensors const& file, load_options const& options = {}) {
    auto const entry = runtime::choose_entry(runtime::entries_of<Model>(), options.set);
    if (!entry) return entry.error();
    plan::load_view const plan = Model::net::load;
    auto const wanted = runtime::wanted_by(plan);
    auto const found = match_weights(file, wanted, options.policy);
    if (!found) return found.error();
    auto block = std::make_shared<runtime::aligned_memory>(static_cast<std::size_t>(size_bytes()));
    auto const done = runtime::run_recipes(plan, *found, block->data());
    if (!done) return done.error();
    return weights(std::move(block), *entry);
  }

 private:
  weights(std::shared_ptr<runtime::aligned_memory const> block, isa_entry const* entry)
      : block_(std::move(block)), entry_(entry) {}

  std::shared_ptr<runtime::aligned_memory const> block_;
  isa_entry const* entry_;
};

/// try_load<Model>(path): the weights of a model from a safetensors file.
/// errors  the file cannot be read or is malformed; parameters are missing, unexpected, of another
///         shape or dtype (all of them in one text); the instruction set is not there
template <class Model>
result<weights<Model>> try_load(std::string const& path, load_options const& options = {}) {
  auto const file = safetensors::open(path);
  if (!file) return file.error();
  return weights<Model>::from(*file, options);
}

/// The same from a file in memory; `name` stands in messages.
template <class Model>
result<weights<Model>> try_load(std::span<std::byte const> bytes, std::string const& name,
                                load_options const& options = {}) {
  auto const file = safetensors::from_memory(bytes, name);
  if (!file) return file.error();
  return weights<Model>::from(*file, options);
}

/// load<Model>(path): the same, throws etch::exception.
template <class Model>
weights<Model> load(std::string const& path, load_options const& options = {}) {
  return try_load<Model>(path, options).value_or_throw();
}
template <class Model>
weights<Model> load(std::span<std::byte const> bytes, std::string const& name,
                    load_options const& options = {}) {
  return try_load<Model>(bytes, name, options).value_or_throw();
}

}  // namespace etch
