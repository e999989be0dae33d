#include <etch/ir/verify.hpp>
#include <etch/ops/structured_ops.hpp>

#include "catch.hpp"

// What the user functions of data movement record.

namespace {

using namespace etch;
using core::ints;

using block = tensor<float, 2, 3, 4, 5>;

template <class A, class B>
inline constexpr bool is = std::is_same_v<A, B>;

template <int... E>
using reshaped = decltype(reshape<E...>(std::declval<block>()));
template <int... P>
using transposed = decltype(transpose<P...>(std::declval<block>()));
template <auto... A>
using sliced = decltype(slice<A...>(std::declval<block>()));
template <margin... M>
using padded = decltype(pad<M...>(std::declval<block>()));

struct recorded {
  front::recorder r;
  block x;
  recorded() : x(r, ir::add_input(r.graph, block::type)) {}
  template <class Op>
  typename Op::attrs last() const {
    REQUIRE(r.graph[r.graph.size() - 1].op == &ir::info_of<Op>);
    return r.graph.attrs_of<typename Op::attrs>(r.graph.size() - 1);
  }
};

}  // namespace

TEST_CASE("reshape completes one extent", "[ops][reshape]") {
  STATIC_REQUIRE(is<reshaped<6, -1>, tensor<float, 6, 20>>);
  STATIC_REQUIRE(is<reshaped<-1>, tensor<float, 120>>);
  STATIC_REQUIRE(is<reshaped<2, 1, 60>, tensor<float, 2, 1, 60>>);
  STATIC_REQUIRE(ir::info_of<ops::reshape>.is.view);
  STATIC_REQUIRE(is<decltype(reshape<>(std::declval<tensor<int, 1, 1>>())), tensor<int>>);
}

TEST_CASE("flatten, squeeze and unsqueeze are reshapes", "[ops][reshape]") {
  recorded in;
  STATIC_REQUIRE(is<decltype(flatten(in.x)), tensor<float, 2, 60>>);
  STATIC_REQUIRE(is<decltype(flatten<0>(in.x)), tensor<float, 120>>);
  STATIC_REQUIRE(is<decltype(flatten<-2>(in.x)), tensor<float, 2, 3, 20>>);
  STATIC_REQUIRE(is<decltype(unsqueeze<0>(in.x)), tensor<float, 1, 2, 3, 4, 5>>);
  STATIC_REQUIRE(is<decltype(unsqueeze<-1>(in.x)), tensor<float, 2, 3, 4, 5, 1>>);
  STATIC_REQUIRE(is<decltype(squeeze<2>(unsqueeze<2>(in.x))), block>);
  flatten(in.x);
  REQUIRE(in.last<ops::reshape>().shape == ints<6>(2, 60));
}

TEST_CASE("transpose takes axes from the end and swaps the last two without", "[ops][transpose]") {
  STATIC_REQUIRE(is<transposed<>, tensor<float, 2, 3, 5, 4>>);
  STATIC_REQUIRE(is<transposed<0, 2, 3, 1>, tensor<float, 2, 4, 5, 3>>);
  recorded in;
  transpose<-1, 0, -2, 1>(in.x);
  REQUIRE(in.last<ops::transpose>().perm == ints<6>(3, 0, 2, 1));
}

TEST_CASE("concat joins tensors and parameters", "[ops][concat]") {
  recorded in;
  auto const y = concat<-2>(in.x, parameter<float, 2, 3, 1, 5>("cls"), in.x);
  STATIC_REQUIRE(is<decltype(y), tensor<float, 2, 3, 9, 5> const>);
  REQUIRE(in.last<ops::concat>().axis == 2);
  STATIC_REQUIRE(is<decltype(concat<0>(in.x)), block>);
}

TEST_CASE("slice counts from the end as NumPy does", "[ops][slice]") {
  STATIC_REQUIRE(is<sliced<3, 1>, tensor<float, 2, 3, 4, 4>>);
  STATIC_REQUIRE(is<sliced<-1, -3, -1>, tensor<float, 2, 3, 4, 2>>);
  STATIC_REQUIRE(is<sliced<3, 0, 5, 2>, tensor<float, 2, 3, 4, 3>>);
  STATIC_REQUIRE(is<sliced<3, 0, 4, 2>, tensor<float, 2, 3, 4, 2>>);
  STATIC_REQUIRE(
      is<sliced<along{0, 1}, along{.axis = 2, .stop = -1, .step = 3}>, tensor<float, 1, 3, 1, 5>>);
  recorded in;
  slice<-1, -3, to_end, 2>(in.x);
  auto const a = in.last<ops::slice>();
  REQUIRE(a.starts == ints<6>(0, 0, 0, 2));
  REQUIRE(a.sizes == ints<6>(2, 3, 4, 2));
  REQUIRE(a.steps == ints<6>(1, 1, 1, 2));
}

TEST_CASE("pad names the axes it widens", "[ops][pad]") {
  STATIC_REQUIRE(is<padded<margin{-1, 1, 2}>, tensor<float, 2, 3, 4, 8>>);
  STATIC_REQUIRE(
      is<padded<margin{.axis = 2, .after = 3}, margin{0, 1, 1}>, tensor<float, 4, 3, 7, 5>>);
  recorded in;
  pad<margin{.axis = 2, .after = 3}>(in.x, -1.5f);
  auto const a = in.last<ops::pad>();
  REQUIRE(a.before == ints<6>(0, 0, 0, 0));
  REQUIRE(a.after == ints<6>(0, 0, 3, 0));
  REQUIRE(a.value == -1.5f);
}

TEST_CASE("dropout records an identity", "[ops][identity]") {
  recorded in;
  auto const y = dropout(in.x, 0.1);
  STATIC_REQUIRE(is<decltype(y), block const>);
  STATIC_REQUIRE(ir::info_of<ops::identity>.is.identity);
  REQUIRE(in.r.graph[y.id()].op == &ir::info_of<ops::identity>);
}

TEST_CASE("every recorded node of a larger net passes the verifier", "[ops][movement]") {
  recorded in;
  auto a = pad<margin{2, 1, 1}, margin{3, 1, 1}>(in.x);
  auto b = conv2d<8, conv{.kernel = 3, .stride = 2}>("c", a);
  auto c = max_pool2d<pool{}>(batch_norm("bn", b));
  auto d = softmax(linear<10>("fc", flatten(concat<1>(c, c))));
  auto e = layer_norm("ln", matmul(transpose(in.x), in.x));
  in.r.graph.outputs.push_back(d.id());
  in.r.graph.outputs.push_back(sum<1, 2>(slice<2, 0, 3>(e)).id());
  REQUIRE(ir::problem_of(in.r.graph) == nullptr);
}
