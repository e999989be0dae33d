#pragma once

#include <etch/etch.hpp>

#include "nets/text.hpp"

/// One net for a letter and for blocks of them, compiled once for each instruction set. Both keep
/// the same states, so a text goes on in either.
inline constexpr int letters_of_block = 32;
using LetterNet = etch::dispatched<nets::text_net<1>>;
using BlockNet = etch::dispatched<nets::text_net<letters_of_block>>;

static_assert(LetterNet::cost().steps_in_loops == 0 && BlockNet::cost().steps_in_loops == 0);
static_assert(LetterNet::memory().state_bytes == BlockNet::memory().state_bytes);
static_assert(LetterNet::memory().state_bytes <= 300'000);  // keys and values of 256 letters
