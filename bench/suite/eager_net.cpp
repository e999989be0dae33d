#include "eager_net.hpp"

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include <etch/eager/interpreter.hpp>
#include <etch/runtime/convert_weights.hpp>

namespace bench {
namespace {

namespace ir = etch::ir;

class interpreted_net final : public subject {
 public:
  interpreted_net(ir::graph net, etch::safetensors const& file, random_inputs const& inputs)
      : run_(std::move(net)) {
    for (ir::node_id id : run_.parameters()) {
      std::string const name(run_.graph().name_of(id));
      etch::eager::tensor value(run_.graph()[id].type);
      auto const* const stored = file.find(name);
      if (stored == nullptr)
        etch::raise({etch::errc::mismatch, "etch: bench: '" + name + "' is not there", name});
      etch::convert_to(
          *stored, value.type().dtype,
          {static_cast<std::byte*>(value.data()), static_cast<std::size_t>(value.type().bytes())})
          .value_or_throw();
      run_.bind(name, std::move(value));
    }
    ir::graph const& graph = run_.graph();
    for (std::size_t i = 0; i < graph.inputs.size(); ++i)
      inputs_.push_back(etch::eager::tensor::borrow(graph[graph.inputs[i]].type, inputs.at(i)));
  }

  void call() override { outputs_ = run_(inputs_); }

  std::vector<double> output() const override {
    std::vector<double> numbers;
    ir::visit_dtype(outputs_[0].type().dtype, [&]<class T>(std::type_identity<T>) {
      for (T each : outputs_[0].values<T>()) numbers.push_back(static_cast<double>(each));
    });
    return numbers;
  }

 private:
  etch::eager::interpreter run_;
  std::vector<etch::eager::tensor> inputs_, outputs_;
};

}  // namespace

std::unique_ptr<subject> eager_net(ir::graph net, etch::safetensors const& file,
                                   random_inputs const& inputs) {
  return std::make_unique<interpreted_net>(std::move(net), file, inputs);
}

}  // namespace bench
