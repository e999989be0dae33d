#include <iterator>

#include "kernels.hpp"

namespace bench {
namespace {

template <rows_size S>
struct softmax_of {
  constexpr auto operator()(etch::tensor<float, S.rows, S.columns> x) const {
    return etch::softmax(x);
  }
};
template <rows_size S>
constexpr softmax_of<S> softmax{};

template <rows_size S>
struct layer_norm_of {
  constexpr auto operator()(etch::tensor<float, S.rows, S.columns> x) const {
    return etch::layer_norm("ln", x);
  }
};
template <rows_size S>
constexpr layer_norm_of<S> layer_norm{};

}  // namespace

std::vector<workload> row_kernels() {
  auto all = for_each_size<std::size(rows_sizes)>([](auto number) {
    constexpr rows_size s = rows_sizes[number];
    return workload_of<softmax<s>>("softmax " + numbers("x", s.rows, s.columns), s.rows);
  });
  for (workload const& each : for_each_size<std::size(rows_sizes)>([](auto number) {
         constexpr rows_size s = rows_sizes[number];
         return workload_of<layer_norm<s>>("layer_norm " + numbers("x", s.rows, s.columns), s.rows);
       }))
    all.push_back(each);
  return all;
}

}  // namespace bench
