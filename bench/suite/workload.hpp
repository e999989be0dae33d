#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <etch/etch.hpp>

#include "random_numbers.hpp"
#include "subject.hpp"

namespace bench {

/// One way in which a net was compiled.
struct variant {
  std::string_view name;
  etch::model_memory memory{};
  /// The net with weights from a safetensors file; inputs and threads outlive it.
  std::unique_ptr<subject> (*compiled)(etch::safetensors const&, random_inputs const&,
                                       etch::executor_ref) = nullptr;
};

/// A net that is compiled into this program, as a value.
struct workload {
  std::string name;
  int batch = 1;
  etch::ir::graph (*trace)() = nullptr;  ///< the net as it is written
  std::vector<variant> variants{};
  std::string_view left_out{};  ///< why it does not run, where it does not
  bool is_double = false;
};

/// What runs a model as `Run`, a session or instances, whose arguments are `Arguments`.
template <class Model, class Run, class Arguments, class Result>
class compiled_net final : public subject {
 public:
  template <class... How>
  compiled_net(random_inputs const& inputs, etch::weights<Model> weights, How const&... how)
      : run_(std::move(weights), how...), inputs_(&inputs) {}

  void call() override { call(Arguments{}); }

  std::vector<double> output() const override {
    return std::vector<double>(output_.begin(), output_.end());
  }

 private:
  template <class... A>
  void call(etch::front::types<A...>) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { keep(run_(argument<A>(inputs_->at(I))...)); }
    (std::index_sequence_for<A...>{});
  }

  void keep(Result const& output) { output_ = output; }
  void keep(etch::result<Result> const& output) { output_ = output.value(); }  // of a cache

  template <class A>
  static auto argument(void const* numbers) noexcept {
    using tensor = etch::front::tensor_of<A>;
    return etch::input<tensor>::at(static_cast<typename tensor::value_type const*>(numbers));
  }

  Run run_;
  random_inputs const* inputs_;
  Result output_{nullptr};
};

template <class Model>
variant variant_of(std::string_view name) {
  using signature = typename Model::signature;
  static_assert(signature::form == etch::front::result_form::one,
                "etch: bench: a workload has one result");
  using result = etch::view<etch::front::tensor_of<typename signature::result>>;
  using net = compiled_net<Model, etch::session<Model>, typename signature::arguments, result>;
  return {name, Model::memory(),
          [](etch::safetensors const& file, random_inputs const& inputs,
             etch::executor_ref threads) -> std::unique_ptr<subject> {
            return std::make_unique<net>(inputs, etch::weights<Model>::from(file).value_or_throw(),
                                         threads);
          }};
}

/// workload_of<net>("name", batch): a workload from a model's function.
template <auto Net>
workload workload_of(std::string name, int batch) {
  using model = etch::model<Net>;
  workload made;
  made.name = std::move(name);
  made.batch = batch;
  made.trace = [] { return model::trace(); };
  made.is_double = model::signature::result::type.dtype == etch::dtype::f64;
  made.variants.push_back(variant_of<model>("etch"));
  return made;
}

/// The same, and once more with fast numerics.
template <auto Net>
workload also_fast(std::string name, int batch) {
  workload made = workload_of<Net>(std::move(name), batch);
  constexpr etch::options fast{.numerics = etch::numerics::fast};
  made.variants.push_back(variant_of<etch::model<Net, fast>>("etch fast"));
  return made;
}

/// workload_of<net>: a batch of `Count` rows; and as many instances of the net `One` for one row.
template <auto Net, auto One, int Count>
workload also_instances(std::string name) {
  using one = etch::model<One>;
  using run = etch::instances<one, Count>;
  workload made = workload_of<Net>(std::move(name), Count);
  etch::model_memory memory = one::memory();
  memory.state_bytes *= Count;
  made.variants.push_back(
      {"instances", memory,
       [](etch::safetensors const& file, random_inputs const& inputs,
          etch::executor_ref) -> std::unique_ptr<subject> {
         auto const call = []<class... A>(etch::front::types<A...>) {
           return etch::front::types<
               typename etch::runtime::argument_of_instances<A, Count>::type...>{};
         };
         using arguments = decltype(call(typename one::signature::arguments{}));
         using result = etch::view<typename etch::runtime::argument_of_instances<
             etch::front::tensor_of<typename one::signature::result>, Count>::tensor>;
         return std::make_unique<compiled_net<one, run, arguments, result>>(
             inputs, etch::weights<one>::from(file).value_or_throw());
       }});
  return made;
}

}  // namespace bench
