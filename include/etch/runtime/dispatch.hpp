#pragma once

#include <etch/runtime/entries.hpp>

// A model built for several instruction sets, behind one type:
//
//   // digits.hpp, for everybody
//   inline constexpr auto digits = [](tensor<float, 1, 784> x) { ... };
//   using Digits = etch::dispatched<digits>;
//
//   // digits.cpp, compiled by etch_add_model(digits digits.cpp ISAS sse4_2 avx2 avx512)
//   #include "digits.hpp"
//   ETCH_MODEL(Digits)
//
// etch_add_model compiles that file once for each set, with ETCH_ISA_OBJECT naming it: then the
// macro defines the model's code for that set and nothing else. And once with the base line's
// flags, with ETCH_DISPATCH_ISAS listing the sets: then it defines the table that joins them. In a
// build without etch_add_model the macro defines a table of one entry, for the file's own flags.
// `using Amp = etch::dispatched_streaming<amp, 512>;` is the same for a model that a `stream` runs.

namespace etch {

/// The code of a model for one set; defined in the object file that is built for it.
template <class Model, isa Set>
struct isa_code {
  static void run(lower::memory const& m) noexcept;
};

namespace runtime {

template <class Model, isa... Set>
std::span<isa_entry const> joined_entries() noexcept {
  static constexpr isa_entry all[]{{Set, &isa_code<Model, Set>::run}...};
  return all;
}

}  // namespace runtime
}  // namespace etch

#if defined(ETCH_ISA_OBJECT)
#define ETCH_MODEL(Model)                                                                     \
  static_assert(::etch::compiled_isa == ::etch::isa::ETCH_ISA_OBJECT,                         \
                "etch: ETCH_MODEL: the flags of this file are not those of ETCH_ISA_OBJECT"); \
  template <>                                                                                 \
  void ::etch::isa_code<Model, ::etch::isa::ETCH_ISA_OBJECT>::run(                            \
      ::etch::lower::memory const& m) noexcept {                                              \
    ::etch::runtime::run_model<Model>(m);                                                     \
  }
#elif defined(ETCH_DISPATCH_ISAS)
#define ETCH_MODEL(Model)                                                \
  template <>                                                            \
  std::span<::etch::isa_entry const> Model::entries() noexcept {         \
    using enum ::etch::isa;                                              \
    return ::etch::runtime::joined_entries<Model, ETCH_DISPATCH_ISAS>(); \
  }
#else
#define ETCH_MODEL(Model)                                            \
  template <>                                                        \
  std::span<::etch::isa_entry const> Model::entries() noexcept {     \
    static constexpr ::etch::isa_entry only[]{                       \
        {::etch::compiled_isa, &::etch::runtime::run_model<Model>}}; \
    return only;                                                     \
  }
#endif
