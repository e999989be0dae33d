#pragma once

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <etch/compile.hpp>
#include <etch/core/isa.hpp>
#include <etch/core/result.hpp>
#include <etch/kernels/simd/detect_isa.hpp>
#include <etch/lower/run.hpp>

namespace etch {

/// The code of a model for one instruction set.
struct isa_entry {
  isa set;
  void (*run)(lower::memory const&) noexcept;
};

/// A model whose code is built once per instruction set and picked at load. Declared in a header
/// (`using Digits = dispatched<digits>;`), built in one file by `ETCH_MODEL(Digits)` and
/// `etch_add_model`; see runtime/dispatch.hpp.
template <auto Fn, options Options = options{}>
struct dispatched : model<Fn, Options> {
  static constexpr bool is_dispatched = true;

  /// From the least to the most capable; defined by ETCH_MODEL.
  static std::span<isa_entry const> entries() noexcept;
};

namespace runtime {

inline namespace ETCH_ISA {

template <class Model, int... I>
ETCH_INLINE void run_part(lower::memory const& m, std::integer_sequence<int, I...>) noexcept {
  (static_cast<void>(m.part == I &&
                     (lower::run<typename Model::template part<Model::size(I)>::net>(m), true)),
   ...);
}

/// The code of a model; of a streaming one, of the part that the memory names.
template <class Model>
void run_model(lower::memory const& m) noexcept {
  if constexpr (requires { Model::sizes; })
    run_part<Model>(m, std::make_integer_sequence<int, Model::sizes>{});
  else
    lower::run<typename Model::net>(m);
}

}  // namespace ETCH_ISA

/// What this program holds of a model: one entry for a plain model, for the flags of its file.
template <class Model>
std::span<isa_entry const> entries_of() noexcept {
  if constexpr (Model::is_dispatched) {
    return Model::entries();
  } else {
    static constexpr isa_entry only[]{{compiled_isa, &lower::run<typename Model::net>}};
    return only;
  }
}

/// The instruction set named by the environment variable ETCH_ISA, if it is set.
inline std::optional<std::string_view> isa_from_environment() {
  char const* const text = std::getenv("ETCH_ISA");
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::string_view(text);
}

inline std::string names_of(std::span<isa_entry const> entries) {
  std::string names;
  for (isa_entry const& each : entries) {
    if (!names.empty()) names += ", ";
    names += to_string(each.set);
  }
  return names;
}

/// The entry for a wish (an option or the variable ETCH_ISA), else the best that runs here.
/// errors  the wish is no instruction set, is not built into the program, or does not run here;
///         nothing that is built in runs here
inline result<isa_entry const*> choose_entry(std::span<isa_entry const> entries,
                                             std::optional<isa> wish) {
  auto const refuse = [&](std::string const& what) {
    return error{errc::unsupported, "etch: load: " + what, "isa"};
  };
  if (auto const text = isa_from_environment(); !wish && text) {
    wish = parse_isa(*text);
    if (!wish)
      return refuse("ETCH_ISA is '" + std::string(*text) +
                    "', expected one of sse2, sse4_2, avx2, avx512, neon64, generic");
  }
  isa_entry const* best = nullptr;
  for (isa_entry const& each : entries) {
    if (wish ? each.set == *wish : simd::runs_here(each.set)) best = &each;
  }
  if (!best && wish)
    return refuse("the model is not built for " + std::string(to_string(*wish)) + " but for " +
                  names_of(entries));
  if (!best || !simd::runs_here(best->set))
    return refuse("this processor runs none of what the model is built for: " +
                  (best ? std::string(to_string(best->set)) : names_of(entries)));
  return best;
}

}  // namespace runtime
}  // namespace etch
