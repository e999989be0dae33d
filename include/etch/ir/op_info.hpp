#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <etch/core/fields.hpp>
#include <etch/ir/tensor_type.hpp>

namespace etch::ir {

/// The name of an operator, usable as a template argument. At most 23 characters.
struct op_key {
  char text[24]{};

  constexpr op_key() = default;

  template <std::size_t N>
  consteval op_key(char const (&literal)[N]) {
    static_assert(N <= 24, "etch: an op_key has at most 23 characters");
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr std::string_view view() const {
    std::size_t n = 0;
    while (n < 24 && text[n] != '\0') ++n;
    return {text, n};
  }
  constexpr bool operator==(op_key const&) const = default;
};

/// What the passes may assume of an operator.
struct traits {
  bool elementwise = false;  ///< out[i] = eval(in0[i], in1[i], ...), operands broadcast
  bool commutative = false;  ///< the first two operands may change places
  bool predicate = false;    ///< elementwise with a bool result
  bool floating = false;     ///< defined for float and double alone
  bool view = false;         ///< the result has the bytes of the first operand, in order
  bool identity = false;     ///< does nothing at inference time (dropout)
  bool in_place = false;     ///< its kernel may write where the first operand is
  bool control = false;      ///< runs its regions: cond, scan, while_loop; see ir/control.hpp
};

/// The type of a result, or why there is none.
struct inferred {
  tensor_type type;
  char const* problem = nullptr;

  constexpr inferred(tensor_type const& of) : type(of) {}
  constexpr explicit inferred(char const* why) : problem(why) {}
  constexpr bool ok() const { return problem == nullptr; }
};

/// The types of some operands: those of an array, or of values scattered over a graph.
class operand_types {
 public:
  constexpr operand_types(tensor_type const* types, std::size_t count)
      : dense_(types), count_(count) {}
  constexpr operand_types(tensor_type const* const* types, std::size_t count)
      : scattered_(types), count_(count) {}
  template <std::size_t N>
  constexpr operand_types(std::array<tensor_type, N> const& types)
      : operand_types(types.data(), N) {}
  template <std::size_t N>
  constexpr operand_types(tensor_type const (&types)[N]) : operand_types(types, N) {}

  constexpr std::size_t size() const { return count_; }
  constexpr tensor_type const& operator[](std::size_t i) const {
    return dense_ ? dense_[i] : *scattered_[i];
  }

  /// All but the first `skipped`.
  constexpr operand_types subspan(std::size_t skipped) const {
    operand_types rest = *this;
    (dense_ ? void(rest.dense_ += skipped) : void(rest.scattered_ += skipped));
    rest.count_ -= skipped;
    return rest;
  }

  class iterator {
   public:
    constexpr iterator(operand_types const& of, std::size_t at) : of_(&of), at_(at) {}
    constexpr tensor_type const& operator*() const { return (*of_)[at_]; }
    constexpr iterator& operator++() {
      ++at_;
      return *this;
    }
    constexpr bool operator!=(iterator const& other) const { return at_ != other.at_; }

   private:
    operand_types const* of_;
    std::size_t at_;
  };
  constexpr iterator begin() const { return {*this, 0}; }
  constexpr iterator end() const { return {*this, count_}; }

 private:
  tensor_type const* dense_ = nullptr;
  tensor_type const* const* scattered_ = nullptr;
  std::size_t count_;
};

/// An operand or the result of a reference evaluation: dense, row-major, owned by the caller.
struct tensor_ref {
  void* data = nullptr;
  tensor_type type;

  template <class T>
  T* as() const {
    return static_cast<T*>(data);
  }
};

using operand_refs = std::span<tensor_ref const>;

/// Everything that passes, executors and printers ask of an operator. A node points at one of
/// these, so an operator in a user's own file is as good as those of the library.
struct op_info {
  op_key key;
  traits is;
  std::span<core::field_kind const> fields;  ///< of its attributes, in order
  int arity_min = 0;
  int arity_max = 0;
  inferred (*infer)(operand_types, std::int64_t const* words) = nullptr;
  std::int64_t (*flops)(operand_types, tensor_type const&, std::int64_t const* words) = nullptr;
  /// The meaning as plain loops; null for what is not computed (inputs, parameters, regions).
  void (*reference)(operand_refs, tensor_ref, std::int64_t const* words) = nullptr;
};

}  // namespace etch::ir
