#include "torchscript_net.hpp"

#if ETCH_BENCH_LIBTORCH

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/script.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include <etch/eager/tensor.hpp>
#include <etch/ir/builtin.hpp>
#include <etch/runtime/convert_weights.hpp>

#include "torchscript.hpp"

namespace bench {
namespace {

namespace ir = etch::ir;

at::ScalarType scalar_type(ir::dtype of) {
  switch (of) {
    case ir::dtype::f32:
      return at::kFloat;
    case ir::dtype::f64:
      return at::kDouble;
    case ir::dtype::i32:
      return at::kInt;
    case ir::dtype::i64:
      return at::kLong;
    case ir::dtype::bool_:
      return at::kBool;
    default:
      throw std::runtime_error("etch: bench: libtorch gets no numbers of this type");
  }
}

at::Tensor borrowed(void* numbers, ir::tensor_type const& type) {
  std::vector<std::int64_t> const shape(type.shape.extents.begin(),
                                        type.shape.extents.begin() + type.rank());
  return torch::from_blob(numbers, shape, scalar_type(type.dtype));
}

at::Tensor parameter(ir::graph const& net, ir::node_id id, etch::safetensors const& file) {
  std::string const name(net.name_of(id));
  auto const* const stored = file.find(name);
  if (stored == nullptr) throw std::runtime_error("etch: bench: '" + name + "' is not there");
  etch::eager::tensor numbers(net[id].type);
  etch::convert_to(
      *stored, net[id].type.dtype,
      {static_cast<std::byte*>(numbers.data()), static_cast<std::size_t>(net[id].type.bytes())})
      .value_or_throw();
  return borrowed(numbers.data(), net[id].type).clone();
}

at::Tensor literal(ir::graph const& net, ir::node_id id) {
  auto const words = net.word_span(net[id]);
  std::vector<double> numbers;
  for (std::int64_t i = 0; i < net[id].type.elements(); ++i)
    numbers.push_back(
        std::bit_cast<double>(words[words.size() == 1 ? 0 : static_cast<std::size_t>(i)]));
  ir::tensor_type const as_double{ir::dtype::f64, net[id].type.shape};
  return borrowed(numbers.data(), as_double).to(scalar_type(net[id].type.dtype)).clone();
}

/// libtorch asks its BLAS for threads of its own, which at::set_num_threads does not reach.
void keep_to_one_thread() {
  at::set_num_threads(1);
  using set_threads = void (*)(int);
  if (auto const of_blas =
          reinterpret_cast<set_threads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    of_blas(1);
}

class frozen_module final : public subject {
 public:
  frozen_module(ir::graph const& net, torchscript const& text, etch::safetensors const& file,
                random_inputs const& inputs) {
    keep_to_one_thread();
    torch::jit::Module module("net");
    auto const name = [](ir::node_id id) { return std::string("p").append(std::to_string(id)); };
    for (ir::node_id id : text.parameters)
      module.register_parameter(name(id), parameter(net, id, file), false);
    for (ir::node_id id : text.literals) module.register_buffer(name(id), literal(net, id));
    module.define(text.source);
    module.eval();
    frozen_ = torch::jit::freeze(module);
    for (std::size_t i = 0; i < net.inputs.size(); ++i)
      inputs_.emplace_back(borrowed(const_cast<void*>(inputs.at(i)), net[net.inputs[i]].type));
  }

  void call() override {
    c10::InferenceMode const guard;
    output_ = frozen_.forward(inputs_).toTensor();
  }

  std::vector<double> output() const override {
    at::Tensor const numbers = output_.to(at::kDouble).contiguous();
    auto const* const first = numbers.data_ptr<double>();
    return {first, first + numbers.numel()};
  }

 private:
  torch::jit::Module frozen_;
  std::vector<c10::IValue> inputs_;
  at::Tensor output_;
};

}  // namespace

std::unique_ptr<subject> torchscript_net(ir::graph const& net, etch::safetensors const& file,
                                         random_inputs const& inputs, std::string& left_out) {
  torchscript const text = torchscript_of(net);
  left_out = text.left_out;
  if (!left_out.empty()) return nullptr;
  return std::make_unique<frozen_module>(net, text, file, inputs);
}

}  // namespace bench

#else

namespace bench {

std::unique_ptr<subject> torchscript_net(etch::ir::graph const&, etch::safetensors const&,
                                         random_inputs const&, std::string& left_out) {
  left_out = "built without libtorch";
  return nullptr;
}

}  // namespace bench

#endif
