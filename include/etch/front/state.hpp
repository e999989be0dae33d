#pragma once

#include <etch/front/recorder.hpp>

namespace etch {

namespace front {

/// The named check of what a state is assigned or begins with.
template <class State, class X>
struct value_for_state {
  static constexpr bool same_type =
      operand_tensor<X>::type == State::type && !operand_tensor<X>::is_bounded;
};

}  // namespace front

/// A value that a model keeps from call to call. It is a tensor, what the call before left, until
/// it is assigned; from then on it is what was assigned, which the next call will find. It lives in
/// the session, which resets, saves and restores it.
///   auto cell = [](tensor<float, 1, 1> x) {
///     state<float, 1, 8> h("h", x);              // x: any tensor of the model
///     h = tanh(linear<8>("in", x) + linear<8>("rec", h));
///     return linear<1>("out", h);
///   };
/// It begins with zeros, with a number (`state<float, 8> h("h", x, 1.0)`), or with a value that
/// depends on weights alone (`state<float, 8> h("h", x, parameter<float, 8>("h0"))`).
/// shape     Extents...
/// dtype     T
/// errors    an empty name, one that another state has; a value of another shape or dtype; a state
///           that is assigned twice or never; an initial value that depends on the call
template <class T, auto... Extents>
class state : public tensor<T, Extents...> {
  static_assert(!(front::is_bounded<Extents> || ...),
                "etch: state: an extent is bounded: what a session keeps has a fixed shape");
  using base = tensor<T, Extents...>;

 public:
  template <symbolic X>
  constexpr state(path const& name, X const& like) : state(name, like.recording(), -1) {}

  template <symbolic X, scalar Number>
  constexpr state(path const& name, X const& like, Number initial)
      : state(name, like.recording(),
              ir::add_constant(like.recording().graph, base::type, static_cast<double>(initial))) {}

  template <symbolic X, front::tensor_operand Value>
  constexpr state(path const& name, X const& like, Value const& initial)
      : state(name, like.recording(), node_of(initial, like.recording())) {}

  /// Does not compile, and says what is missing.
  constexpr explicit state(path const& name) : state(known(name, nullptr), -1) {}

  /// What the next call will find, and what reads of the state mean from here on.
  template <front::tensor_operand Value>
  constexpr state& operator=(Value const& next) {
    ir::node_id const id = node_of(next, this->recording());
    if (id >= 0) this->recording().assign(number_, id);
    base::operator=(base(this->recording(), id));
    return *this;
  }
  constexpr state& operator=(state const& next) { return *this = static_cast<base const&>(next); }
  constexpr state(state const&) = default;

 private:
  static constexpr front::recorder& known(path const&, front::recorder* in) {
    if (in == nullptr)
      throw "etch: state: write state<...> h(name, x) with any tensor x of the model";
    return *in;
  }

  constexpr state(path const& name, front::recorder& in, ir::node_id initial)
      : state(in, in.state(base::type, name.view(), initial)) {}
  constexpr state(front::recorder& in, int number)
      : base(in, in.graph.states[static_cast<std::size_t>(number)].read), number_(number) {}

  template <class Value>
  static constexpr ir::node_id node_of(Value const& value, front::recorder& in) {
    static_assert(front::value_for_state<base, Value>::same_type,
                  "etch: state: the value has another shape or dtype than the state");
    return front::as_tensor(value, in).id();
  }

  int number_;
};

}  // namespace etch
