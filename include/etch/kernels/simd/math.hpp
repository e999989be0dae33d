#pragma once

#include "etch/kernels/simd/math_erf.hpp"
#include "etch/kernels/simd/math_exp.hpp"
#include "etch/kernels/simd/math_log.hpp"
#include "etch/kernels/simd/math_tanh.hpp"
