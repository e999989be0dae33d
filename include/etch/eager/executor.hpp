#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/hana/length.hpp>

#include <etch/eager/interpreter.hpp>
#include <etch/eager/shapes_in_call.hpp>
#include <etch/runtime/session.hpp>

namespace etch::eager {

/// The numbers of a result, which it owns.
template <class T>
class owned_numbers {
 public:
  using value_type = T;

  explicit owned_numbers(tensor value) : value_(std::move(value)) {}

  T const* data() const noexcept { return numbers().data(); }
  T const* begin() const noexcept { return data(); }
  T const* end() const noexcept { return data() + numbers().size(); }
  T operator[](std::size_t i) const noexcept { return data()[i]; }

 protected:
  std::span<T const> numbers() const noexcept { return value_.template values<T>(); }

  tensor value_;
};

/// A result of a call: a view that owns its numbers.
template <class Tensor>
class owned : public owned_numbers<typename Tensor::value_type> {
 public:
  using owned_numbers<typename Tensor::value_type>::owned_numbers;
  using owned_numbers<typename Tensor::value_type>::data;
  using value_type = typename Tensor::value_type;
  static constexpr ir::tensor_type type = Tensor::type;
  static constexpr std::size_t elements = static_cast<std::size_t>(Tensor::elements);

  operator view<Tensor>() const noexcept { return view<Tensor>(data()); }
  operator std::span<value_type const, elements>() const noexcept {
    return std::span<value_type const, elements>(data(), elements);
  }
  static constexpr std::size_t size() noexcept { return elements; }
  template <class... I>
  requires(sizeof...(I) == static_cast<std::size_t>(Tensor::rank)) value_type operator()(
      I... index) const noexcept {
    return view<Tensor>(data())(index...);
  }
};

/// The same for a result whose shape the call decides.
template <class Tensor>
requires(Tensor::is_bounded) class owned<Tensor>
    : public owned_numbers<typename Tensor::value_type> {
 public:
  using owned_numbers<typename Tensor::value_type>::owned_numbers;

  ir::shape const& shape() const noexcept { return this->value_.type().shape; }
  std::size_t size() const noexcept { return this->numbers().size(); }
};

/// Runs a model as it is written: traced at run time, not optimised, one operator at a time, a new
/// tensor for each value. Called like a session; the results own their numbers.
///   eager::executor<Digits> run{"digits.safetensors"};
///   auto p = run(pixels);
/// It is the oracle of tests, the base line of benchmarks and a debugging tool (`watch`).
/// A call of a model with dims returns a `result`, as that of a session does; all values have the
/// shapes of the call.
/// errors  those of `load`: the constructor throws etch::exception, `from` returns them; of a call
///         with dims see runtime::call_lengths
template <class Model>
class executor {
  using arguments = typename Model::signature::arguments;
  using function_result = typename Model::signature::result;
  static constexpr bool has_dims = front::has_bounded(arguments{});

 public:
  explicit executor(std::string const& path, arithmetic how = arithmetic::eigen)
      : executor(safetensors::open(path).value_or_throw(), how) {}
  explicit executor(safetensors const& file, arithmetic how = arithmetic::eigen)
      : executor(from(file, how).value_or_throw()) {}

  /// Reads and checks what `file` holds; keeps nothing of it.
  static result<executor> from(safetensors const& file, arithmetic how = arithmetic::eigen,
                               weight_policy policy = {}) {
    executor made(interpreter(Model::trace(), how));
    ir::graph const& graph = made.interpreter_.graph();
    auto const parameters = made.interpreter_.parameters();
    std::vector<wanted_weight> wanted;
    for (ir::node_id id : parameters) {
      ir::tensor_type const& type = graph[id].type;
      wanted.push_back({graph.name_of(id),
                        type.dtype,
                        {type.shape.extents.data(), static_cast<std::size_t>(type.rank())},
                        !made.interpreter_.reads(id)});
    }
    auto const found = match_weights(file, wanted, policy);
    if (!found) return found.error();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if ((*found)[i] == nullptr) continue;
      tensor value(graph[parameters[i]].type);
      auto const done = convert_to(
          *(*found)[i], value.type().dtype,
          {static_cast<std::byte*>(value.data()), static_cast<std::size_t>(value.type().bytes())});
      if (!done) return done.error();
      made.interpreter_.bind(wanted[i].name, std::move(value));
    }
    return made;
  }

  /// Called with each value of the following calls: see `interpreter::watch`.
  void watch(interpreter::observer each) { interpreter_.watch(std::move(each)); }

  /// As traced; where the model has dims, with the shapes of the last call.
  ir::graph const& graph() const noexcept { return interpreter_.graph(); }

  /// Puts the states back to what the first call finds.
  void reset() { interpreter_.reset(); }

  /// The inputs in the forms that a session takes.
  template <class... Inputs>
  auto operator()(Inputs const&... inputs) {
    static_assert(sizeof...(Inputs) == arguments::size,
                  "etch: executor: the number of inputs is not that of the model's arguments");
    if constexpr (sizeof...(Inputs) == arguments::size && has_dims)
      return bounded_call(arguments{}, runtime::input_bytes(arguments{}, inputs...));
    else if constexpr (sizeof...(Inputs) == arguments::size)
      return call(arguments{}, inputs...);
  }

 private:
  explicit executor(interpreter of) : interpreter_(std::move(of)) {}

  template <class... A, class... Inputs>
  auto call(front::types<A...>, Inputs const&... inputs) {
    std::vector<tensor> from;
    if constexpr (sizeof...(Inputs) > 0 && (runtime::is_pair<Inputs> && ...)) {
      static_assert((has_input<A, Inputs...>() && ...),
                    "etch: executor: a named input of the model is missing");
      (from.push_back(tensor::borrow(A::type, runtime::named_input<A>(inputs...))), ...);
    } else {
      (from.push_back(tensor::borrow(A::type, input<front::tensor_of<A>>(inputs).data())), ...);
    }
    return results_of(from);
  }

  template <class... A>
  auto bounded_call(front::types<A...>,
                    std::array<std::span<std::byte const>, sizeof...(A)> const& inputs) {
    using answer = result<decltype(results_of({}))>;
    runtime::call_lengths<A...> lengths;
    if (auto const taken = lengths.take(inputs, Model::net::limits); !taken)
      return answer(taken.error());
    std::array const types{lengths.template type_of<A>()...};
    interpreter_.reshape(with_shapes_of_call(Model::trace(), types, lengths));
    std::vector<tensor> from;
    for (std::size_t i = 0; i < types.size(); ++i)
      from.push_back(tensor::borrow(types[i], inputs[i].data()));
    return answer(results_of(from));
  }

  auto results_of(std::vector<tensor> const& inputs) {
    auto const results = interpreter_(inputs);
    return runtime::results<function_result, owned>([&](std::size_t i) { return results[i]; },
                                                    std::make_index_sequence<count_results()>{});
  }

  template <class Argument, class... Pairs>
  static consteval bool has_input() {
    return (runtime::is_for<Argument, Pairs>() || ...);
  }

  static consteval std::size_t count_results() {
    if constexpr (Model::signature::form == front::result_form::one)
      return 1;
    else
      return decltype(boost::hana::length(std::declval<function_result>()))::value;
  }

  interpreter interpreter_;
};

}  // namespace etch::eager
