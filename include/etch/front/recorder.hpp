#pragma once

#include <string_view>

#include <etch/core/hash_index.hpp>
#include <etch/front/path.hpp>
#include <etch/front/tensor.hpp>
#include <etch/ir/builtin.hpp>

namespace etch::front {

/// What operators write into while a model runs symbolically. While the body of a loop or a branch
/// runs, that is a region: a graph of its own, in which values from outside are captures.
class recorder {
 public:
  ir::graph graph;  ///< the model, or the region that is being recorded

  /// The parameter of that name; the same name with the same type is the same parameter. It belongs
  /// to the model, and regions capture it.
  constexpr ir::node_id parameter(ir::tensor_type const& type, std::string_view name) {
    if (name.empty()) throw "etch: parameter: the name is empty";
    ir::graph& model = around_.empty() ? graph : around_[0].graph;
    auto const hash = core::hash_text(name);
    int const before =
        parameters_.find(hash, [&](ir::node_id id) { return model.name_of(id) == name; });
    if (before != core::hash_index::none) {
      if (!(model[before].type == type))
        throw "etch: parameter: one name is used with two shapes or dtypes";
      return here(0, before);
    }
    ir::node_id const id = ir::add_parameter(model, type, name);
    parameters_.add(hash, id);
    return here(0, id);
  }

  /// A new state; `initial` is a node or -1. Returns its number.
  constexpr int state(ir::tensor_type const& type, std::string_view name, ir::node_id initial) {
    if (name.empty()) throw "etch: state: the name is empty";
    if (!around_.empty())
      throw "etch: state: a state is made inside of a body: carry its value through the loop, and "
            "assign it outside";
    for (ir::state_slot const& other : graph.states) {
      if (graph.name_of(other.read) == name) throw "etch: state: two states have one name";
    }
    return ir::add_state(graph, type, name, initial);
  }

  constexpr void assign(int state, ir::node_id next) {
    if (!around_.empty())
      throw "etch: state: a state is assigned inside of a body: return the value from the body, and "
            "assign it outside";
    ir::state_slot& slot = graph.states[static_cast<std::size_t>(state)];
    if (slot.next >= 0) throw "etch: state: a state is assigned twice";
    slot.next = next;
  }

  /// The number of the region that is being recorded; 0 is the model.
  constexpr int region() const { return region_; }

  /// Begins a region: `graph` is empty, what was there waits.
  constexpr void enter() {
    around_.push_back({static_cast<ir::graph&&>(graph), region_, {}});
    graph = ir::graph();
    region_ = ++regions_;
  }

  /// A region and what it reads of the graph around it: `captures[i]` is the node there behind the
  /// i-th of its last inputs.
  struct closed_region {
    ir::graph graph;
    core::list<ir::node_id> captures;
  };

  /// Ends the region, which has its outputs.
  constexpr closed_region leave() {
    closed_region closed{static_cast<ir::graph&&>(graph),
                         static_cast<core::list<ir::node_id>&&>(around_.back().captures)};
    graph = static_cast<ir::graph&&>(around_.back().graph);
    region_ = around_.back().region;
    around_.pop_back();
    return closed;
  }

  /// What node `id` of the region `of` is in the region that is being recorded: a capture, if `of`
  /// lies around it. A literal is copied.
  constexpr ir::node_id here(int of, ir::node_id id) {
    if (of == region_) return id;
    std::size_t depth = 0;
    while (depth < around_.size() && around_[depth].region != of) ++depth;
    if (depth == around_.size())
      throw "etch: a value of a body is read outside of it: return it from the body";
    for (; depth < around_.size(); ++depth) {
      ir::graph& inner = depth + 1 < around_.size() ? around_[depth + 1].graph : graph;
      id = captured(around_[depth], inner, id);
    }
    return id;
  }

 private:
  /// A graph that waits while a region in it is recorded, and what the region captured of it.
  struct waiting {
    ir::graph graph;
    int region = 0;
    core::list<ir::node_id> captures;
  };

  static constexpr ir::node_id captured(waiting& outer, ir::graph& inner, ir::node_id id) {
    ir::node const& n = outer.graph[id];
    if (ir::is(n, ir::constant_op))
      return inner.add(ir::constant_op, n.type, {}, outer.graph.word_span(n));
    std::size_t i = 0;
    while (i < outer.captures.size() && outer.captures[i] != id) ++i;
    if (i < outer.captures.size())
      return inner.inputs[inner.inputs.size() - outer.captures.size() + i];
    outer.captures.push_back(id);
    return ir::add_input(inner, n.type);
  }

  core::hash_index parameters_;
  core::list<waiting> around_;
  int region_ = 0;
  int regions_ = 0;  ///< recorded so far, for their numbers
};

constexpr int region_of(recorder const& in) { return in.region(); }
constexpr int node_here(recorder& in, int of, int id) { return in.here(of, id); }

}  // namespace etch::front

namespace etch {

/// A parameter that has met no tensor yet, so no model: it joins the recording of the tensor that
/// it is used with.
template <class T, auto... Extents>
class pending_parameter {
  static_assert(
      !(front::is_bounded<Extents> || ...),
      "etch: parameter: an extent is bounded: a weight has a fixed shape, of which a call "
      "takes the first rows with rows_like");

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
