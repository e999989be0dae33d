#include "torchscript.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>

#include <etch/etch.hpp>

namespace bench {
namespace {

namespace ir = etch::ir;
namespace ops = etch::ops;

std::string real(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.17g", value);
  std::string number = text.data();
  if (number.find_first_of(".e") == std::string::npos) number += ".0";
  return number;
}

std::string list_of(auto const& numbers) {
  std::string text = "[";
  for (auto each : numbers) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(each);
  }
  return text += ']';
}

/// Operators that TorchScript has under a name of its own, or under the same, with the same
/// operands.
std::string_view plain_name(std::string_view key) {
  static std::map<std::string_view, std::string_view> const names{
      {"add", "add"},         {"sub", "sub"},        {"mul", "mul"},    {"div", "div"},
      {"max", "maximum"},     {"min", "minimum"},    {"pow", "pow"},    {"relu", "relu"},
      {"sigmoid", "sigmoid"}, {"tanh", "tanh"},      {"exp", "exp"},    {"log", "log"},
      {"sqrt", "sqrt"},       {"rsqrt", "rsqrt"},    {"sin", "sin"},    {"cos", "cos"},
      {"erf", "erf"},         {"abs", "abs"},        {"ceil", "ceil"},  {"floor", "floor"},
      {"round", "round"},     {"neg", "neg"},        {"silu", "silu"},  {"matmul", "matmul"},
      {"where", "where"},     {"identity", "clone"}, {"equal", "eq"},   {"not_equal", "ne"},
      {"less", "lt"},         {"less_equal", "le"},  {"greater", "gt"}, {"greater_equal", "ge"},
  };
  auto const at = names.find(key);
  return at == names.end() ? std::string_view{} : at->second;
}

/// Writes one node after the other.
class writer {
 public:
  explicit writer(ir::graph const& net) : net_(net) {}

  torchscript write() {
    if (net_.states.size() > 0) return refused("it has states");
    std::string arguments = "self";
    for (std::size_t i = 0; i < net_.inputs.size(); ++i) arguments += ", " + value(net_.inputs[i]);
    made_.source = "def forward(" + arguments + "):\n";
    for (ir::node_id id = 0; id < net_.size() && made_.left_out.empty(); ++id) add(id);
    made_.source += "  return " + value(net_.outputs[0]) + "\n";
    return made_.left_out.empty() ? made_ : refused(made_.left_out);
  }

 private:
  static torchscript refused(std::string why) {
    torchscript none;
    none.left_out = std::move(why);
    return none;
  }

  std::string value(ir::node_id id) const {
    ir::node const& n = net_[id];
    bool const kept = ir::is(n, ir::parameter_op) || ir::is(n, ir::constant_op);
    return (kept ? "self.p" : "v") + std::to_string(id);
  }
  std::string operand(ir::node_id id, int i) const { return value(net_.input(id, i)); }

  void call(ir::node_id id, std::string_view name, std::string const& arguments) {
    assign(id, "torch." + std::string(name) + '(' + arguments + ')');
  }
  void assign(ir::node_id id, std::string const& expression) {
    made_.source += "  v" + std::to_string(id) + " = " + expression + '\n';
  }

  std::string all_operands(ir::node_id id) const {
    std::string text;
    for (ir::node_id in : net_.inputs_of(id)) {
      if (!text.empty()) text += ", ";
      text += value(in);
    }
    return text;
  }

  void add(ir::node_id id) {
    ir::node const& n = net_[id];
    std::string_view const key = n.op->key.view();
    if (ir::is_call_leaf(n)) return;
    if (ir::is(n, ir::parameter_op)) return made_.parameters.push_back(id);
    if (ir::is(n, ir::constant_op)) return made_.literals.push_back(id);
    if (std::string_view const name = plain_name(key); !name.empty())
      return call(id, name, all_operands(id));
    if (n.op == &ir::info_of<ops::linear>) return add_linear(id);
    if (n.op == &ir::info_of<ops::conv2d>) return add_conv2d(id);
    if (n.op == &ir::info_of<ops::max_pool2d>) return add_pool<ops::max_pool2d>(id, "max_pool2d");
    if (n.op == &ir::info_of<ops::avg_pool2d>) return add_pool<ops::avg_pool2d>(id, "avg_pool2d");
    if (n.op == &ir::info_of<ops::batch_norm>) return add_batch_norm(id);
    if (n.op == &ir::info_of<ops::layer_norm>) return add_layer_norm(id);
    if (n.op == &ir::info_of<ops::gather>) return add_gather(id);
    if (n.op == &ir::info_of<ops::slice>) return add_slice(id);
    if (n.op == &ir::info_of<ops::pad>) return add_pad(id);
    std::string const x = n.inputs.count > 0 ? operand(id, 0) : "";
    if (n.op == &ir::info_of<ops::softmax>)
      return call(id, "softmax", x + ", " + std::to_string(attrs<ops::softmax>(id).axis));
    if (n.op == &ir::info_of<ops::log_softmax>)
      return call(id, "log_softmax", x + ", " + std::to_string(attrs<ops::log_softmax>(id).axis));
    if (n.op == &ir::info_of<ops::reshape>)
      return call(id, "reshape", x + ", " + list_of(shape_of(id)));
    if (n.op == &ir::info_of<ops::transpose>)
      return call(id, "permute", x + ", " + list_of(attrs<ops::transpose>(id).perm));
    if (n.op == &ir::info_of<ops::concat>)
      return call(id, "cat",
                  "[" + all_operands(id) + "], " + std::to_string(attrs<ops::concat>(id).axis));
    if (n.op == &ir::info_of<ops::reduce_sum>) return add_reduction<ops::reduce_sum>(id, "sum");
    if (n.op == &ir::info_of<ops::reduce_mean>) return add_reduction<ops::reduce_mean>(id, "mean");
    if (n.op == &ir::info_of<ops::reduce_max>) return add_reduction<ops::reduce_max>(id, "amax");
    if (n.op == &ir::info_of<ops::reduce_min>) return add_reduction<ops::reduce_min>(id, "amin");
    if (n.op == &ir::info_of<ops::gelu>)
      return call(id, "gelu",
                  x + (attrs<ops::gelu>(id).tanh_approximation ? ", approximate=\"tanh\"" : ""));
    if (n.op == &ir::info_of<ops::elu>)
      return call(id, "elu", x + ", " + real(attrs<ops::elu>(id).alpha));
    if (n.op == &ir::info_of<ops::leaky_relu>)
      return call(id, "leaky_relu", x + ", " + real(attrs<ops::leaky_relu>(id).slope));
    if (n.op == &ir::info_of<ops::clamp>) {
      auto const a = attrs<ops::clamp>(id);
      return call(id, "clamp", x + ", " + real(a.low) + ", " + real(a.high));
    }
    made_.left_out = "'" + std::string(key) + "' is not written as TorchScript";
  }

  template <class Op>
  ir::attrs_of<Op> attrs(ir::node_id id) const {
    return net_.attrs_of<ir::attrs_of<Op>>(id);
  }
  std::vector<std::int64_t> shape_of(ir::node_id id) const {
    ir::shape const& s = net_[id].type.shape;
    return {s.extents.begin(), s.extents.begin() + s.rank};
  }

  void add_linear(ir::node_id id) {
    if (!attrs<ops::linear>(id).in_out) return call(id, "linear", all_operands(id));
    std::string const product = "torch.matmul(" + operand(id, 0) + ", " + operand(id, 1) + ')';
    assign(id, net_[id].inputs.count > 2 ? product + " + " + operand(id, 2) : product);
  }

  /// x with margins that torch's own operators do not have: those that differ from side to side.
  std::string padded(std::string const& x, auto const& a, std::string const& with) {
    return "torch.constant_pad_nd(" + x + ", " +
           list_of(std::array{a.pad_left, a.pad_right, a.pad_top, a.pad_bottom}) + ", " + with +
           ')';
  }
  static std::string channels_first(std::string const& x) {
    return "torch.permute(" + x + ", [0, 3, 1, 2])";
  }
  static std::string channels_last(std::string const& x) {
    return "torch.permute(" + x + ", [0, 2, 3, 1])";
  }

  void add_conv2d(ir::node_id id) {
    auto const a = attrs<ops::conv2d>(id);
    std::string x = operand(id, 0);
    if (a.channels_last) x = channels_first(x);
    std::array margins{a.pad_top, a.pad_left};
    if (a.pad_top != a.pad_bottom || a.pad_left != a.pad_right) {
      x = padded(x, a, "0.0");
      margins = {};
    }
    std::string const y = "torch.conv2d(" + x + ", " + operand(id, 1) + ", " +
                          (net_[id].inputs.count > 2 ? operand(id, 2) : "None") + ", " +
                          list_of(std::array{a.stride_h, a.stride_w}) + ", " + list_of(margins) +
                          ", " + list_of(std::array{a.dilation_h, a.dilation_w}) + ", " +
                          std::to_string(a.groups) + ')';
    assign(id, a.channels_last ? channels_last(y) : y);
  }

  template <class Op>
  void add_pool(ir::node_id id, std::string const& name) {
    auto const a = attrs<Op>(id);
    std::string x = operand(id, 0);
    if (a.channels_last) x = channels_first(x);
    std::array margins{a.pad_top, a.pad_left};
    std::string more;
    if constexpr (requires { a.count_include_pad; })
      more = a.count_include_pad ? ", False, True" : ", False, False";
    if (a.pad_top != a.pad_bottom || a.pad_left != a.pad_right) {
      if (more == ", False, False") {
        made_.left_out = "an average over part of its window is not written as TorchScript";
        return;
      }
      x = padded(x, a, more.empty() ? "float(\"-inf\")" : "0.0");
      margins = {};
    }
    std::string const y = "torch." + name + '(' + x + ", " +
                          list_of(std::array{a.kernel_h, a.kernel_w}) + ", " +
                          list_of(std::array{a.stride_h, a.stride_w}) + ", " + list_of(margins) +
                          (more.empty() ? ", [1, 1], False" : more) + ')';
    assign(id, a.channels_last ? channels_last(y) : y);
  }

  void add_batch_norm(ir::node_id id) {
    auto const a = attrs<ops::batch_norm>(id);
    bool const last = a.axis == 3;
    if (a.axis != 1 && !last) {
      made_.left_out = "a batch norm of another axis is not written as TorchScript";
      return;
    }
    std::string const x = operand(id, 0);
    std::string const y = "torch.batch_norm(" + (last ? channels_first(x) : x) + ", " +
                          operand(id, 1) + ", " + operand(id, 2) + ", " + operand(id, 3) + ", " +
                          operand(id, 4) + ", False, 0.0, " + real(static_cast<double>(a.epsilon)) +
                          ", False)";
    assign(id, last ? channels_last(y) : y);
  }

  void add_layer_norm(ir::node_id id) {
    auto const a = attrs<ops::layer_norm>(id);
    call(id, "layer_norm",
         operand(id, 0) + ", " + list_of(shape_of(net_.input(id, 1))) + ", " + operand(id, 1) +
             ", " + operand(id, 2) + ", " + real(static_cast<double>(a.epsilon)));
  }

  void add_gather(ir::node_id id) {
    if (attrs<ops::gather>(id).axis == 0 && net_[net_.input(id, 0)].type.rank() == 2)
      return call(id, "embedding", all_operands(id));
    made_.left_out = "a gather that is no embedding is not written as TorchScript";
  }

  void add_slice(ir::node_id id) {
    auto const a = attrs<ops::slice>(id);
    std::string x = operand(id, 0);
    for (std::size_t axis = 0; axis < a.starts.size(); ++axis) {
      std::int64_t const step = a.steps.size() > 0 ? a.steps[axis] : 1;
      x = "torch.slice(" + x + ", " + std::to_string(axis) + ", " + std::to_string(a.starts[axis]) +
          ", " + std::to_string(a.starts[axis] + (a.sizes[axis] - 1) * step + 1) + ", " +
          std::to_string(step) + ')';
    }
    assign(id, x);
  }

  void add_pad(ir::node_id id) {
    auto const a = attrs<ops::pad>(id);
    std::vector<std::int64_t> margins;  // from the last axis to the first
    for (std::size_t axis = a.before.size(); axis-- > 0;) {
      margins.push_back(a.before[axis]);
      margins.push_back(a.after[axis]);
    }
    call(id, "constant_pad_nd",
         operand(id, 0) + ", " + list_of(margins) + ", " + real(static_cast<double>(a.value)));
  }

  template <class Op>
  void add_reduction(ir::node_id id, std::string_view name) {
    auto const a = attrs<Op>(id);
    call(id, name, operand(id, 0) + ", " + list_of(a.axes) + (a.keepdims ? ", True" : ", False"));
  }

  ir::graph const& net_;
  torchscript made_;
};

}  // namespace

torchscript torchscript_of(ir::graph const& net) { return writer(net).write(); }

}  // namespace bench
