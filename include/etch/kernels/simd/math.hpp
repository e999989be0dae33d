#pragma once

/// Every vector function; each also stands alone.
#include "etch/kernels/simd/math_erf.hpp"
#include "etch/kernels/simd/math_exp.hpp"
#include "etch/kernels/simd/math_log.hpp"
#include "etch/kernels/simd/math_normal_cdf.hpp"
#include "etch/kernels/simd/math_pow.hpp"
#include "etch/kernels/simd/math_rsqrt.hpp"
#include "etch/kernels/simd/math_tanh.hpp"
#include "etch/kernels/simd/math_trig.hpp"
