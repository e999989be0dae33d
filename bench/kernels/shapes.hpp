#pragma once

namespace bench {

/// x[m, k] W[k, n] + b.
struct gemm_size {
  int m, k, n;
};
inline constexpr gemm_size gemm_sizes[] = {
    {1, 64, 64},   {1, 256, 256},    {1, 512, 512},  {4, 512, 338},   {6, 64, 64},
    {8, 128, 128}, {16, 59, 512},    {32, 784, 512}, {128, 128, 512}, {128, 384, 384},
    {512, 64, 64}, {128, 1536, 384}, {256, 256, 256}};

/// Square images of `pixels` x `pixels`, a square kernel, padded so that stride 1 keeps the size.
struct conv2d_size {
  int pixels, inputs, outputs, kernel, stride;
};
inline constexpr conv2d_size conv2d_sizes[] = {
    {32, 3, 16, 3, 1},   {32, 16, 16, 3, 1},   {16, 32, 32, 3, 1},   {8, 64, 64, 3, 1},
    {224, 3, 64, 7, 2},  {56, 64, 64, 3, 1},   {28, 128, 128, 3, 1}, {14, 256, 256, 3, 1},
    {7, 512, 512, 3, 1}, {56, 128, 128, 3, 2}, {56, 64, 256, 1, 1},  {14, 1024, 256, 1, 1}};

/// The same, each channel by itself.
struct depthwise_size {
  int pixels, channels, kernel, stride;
};
inline constexpr depthwise_size depthwise_sizes[] = {
    {48, 8, 3, 1},   {112, 32, 3, 1}, {112, 96, 3, 2}, {56, 144, 3, 1},
    {28, 192, 3, 1}, {14, 384, 3, 1}, {7, 960, 3, 1}};

/// Rows that are normalised, each by itself.
struct rows_size {
  int rows, columns;
};
inline constexpr rows_size rows_sizes[] = {{1, 10},    {1, 1000},  {64, 64},
                                           {128, 128}, {128, 384}, {512, 768}};

/// Elements of a vector for the math functions: in and out fit in L1.
inline constexpr int math_elements = 2048;

}  // namespace bench
