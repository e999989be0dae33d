#pragma once

#include <string_view>

#include <etch/core/hash_index.hpp>
#include <etch/front/path.hpp>
#include <etch/front/tensor.hpp>
#include <etch/ir/builtin.hpp>

namespace etch::front {

/// What operators write into while a model runs symbolically.
class recorder {
 public:
  ir::graph graph;

  /// The parameter of that name; the same name with the same type is the same parameter.
  constexpr ir::node_id parameter(ir::tensor_type const& type, std::string_view name) {
    if (name.empty()) throw "etch: parameter: the name is empty";
    auto const hash = core::hash_text(name);
    int const before =
        parameters_.find(hash, [&](ir::node_id id) { return graph.name_of(id) == name; });
    if (before != core::hash_index::none) {
      if (!(graph[before].type == type))
        throw "etch: parameter: one name is used with two shapes or dtypes";
      return before;
    }
    ir::node_id const id = ir::add_parameter(graph, type, name);
    parameters_.add(hash, id);
    return id;
  }

  /// A new state; `initial` is a node or -1. Returns its number.
  constexpr int state(ir::tensor_type const& type, std::string_view name, ir::node_id initial) {
    if (name.empty()) throw "etch: state: the name is empty";
    for (ir::state_slot const& other : graph.states) {
      if (graph.name_of(other.read) == name) throw "etch: state: two states have one name";
    }
    return ir::add_state(graph, type, name, initial);
  }

  constexpr void assign(int state, ir::node_id next) {
    ir::state_slot& slot = graph.states[static_cast<std::size_t>(state)];
    if (slot.next >= 0) throw "etch: state: a state is assigned twice";
    slot.next = next;
  }

 private:
  core::hash_index parameters_;
};

}  // namespace etch::front

namespace etch {

/// A parameter that has met no tensor yet, so no model: it joins the recording of the tensor that
/// it is used with.
template <class T, auto... Extents>
class pending_parameter {
 public:
  constexpr explicit pending_parameter(path const& name) : name_(name) {}
  constexpr tensor<T, Extents...> join(front::recorder& in) const {
    return {in, in.parameter(tensor<T, Extents...>::type, name_.view())};
  }

 private:
  path name_;
};

/// parameter<T, extents...>(name): a weight, by its name in the file.
/// shape     extents...
/// dtype     T; the file may hold f16 or bf16 for float
/// errors    one name with two shapes or dtypes; an empty name
template <class T, auto... Extents>
constexpr pending_parameter<T, Extents...> parameter(path const& name) {
  return pending_parameter<T, Extents...>(name);
}

/// The same inside the recording of `like`, for expressions of parameters alone.
template <class T, auto... Extents, symbolic X>
constexpr tensor<T, Extents...> parameter(path const& name, X const& like) {
  return pending_parameter<T, Extents...>(name).join(like.recording());
}

namespace front {

template <class X>
inline constexpr bool is_pending = false;
template <class T, auto... E>
inline constexpr bool is_pending<pending_parameter<T, E...>> = true;

/// What an operator takes: a tensor, a parameter, or a number.
template <class X>
concept operand = symbolic<X> || is_pending<X> || scalar<X>;

/// The same without numbers.
template <class X>
concept tensor_operand = symbolic<X> || is_pending<X>;

template <class T, auto... E>
constexpr tensor<T, E...> as_tensor(pending_parameter<T, E...> const& p, recorder& in) {
  return p.join(in);
}
template <symbolic X>
constexpr tensor_of<X> as_tensor(X const& x, recorder&) {
  return x;
}

template <class X>
struct type_of_operand {
  using type = tensor_of<X>;
};
template <class T, auto... E>
struct type_of_operand<pending_parameter<T, E...>> {
  using type = tensor<T, E...>;
};

/// The tensor type of a tensor, a named tensor or a pending parameter.
template <class X>
using operand_tensor = typename type_of_operand<X>::type;

/// The recording of the first operand that has one.
template <class First, class... Rest>
constexpr recorder& recording_of(First const& first, Rest const&... rest) {
  if constexpr (symbolic<First>) {
    return first.recording();
  } else {
    static_assert(sizeof...(Rest) > 0,
                  "etch: no operand belongs to a model yet: write parameter<...>(name, x) with any "
                  "tensor x of the model");
    if constexpr (sizeof...(Rest) > 0) return recording_of(rest...);
    throw "etch: no operand belongs to a model yet";
  }
}

}  // namespace front
}  // namespace etch
