#!/usr/bin/env python3
"""Writes sequences.inc, for recurrent_sequence_torch.cpp: recurrent nets of PyTorch along sequences.

Weights and inputs are multiples of 1/32, exact in float; PyTorch computes in float64. Run it in this
folder after a change.
"""

import torch
from torch import nn

generator = torch.Generator().manual_seed(2025)
arrays = []


def exact(*extents):
    return torch.randint(-24, 25, extents, generator=generator).double() / 32


def record(name, net):
    net = net.double()
    states = 2 * net.num_layers if net.bidirectional else net.num_layers
    with torch.no_grad():
        for key, parameter in net.named_parameters():
            parameter.copy_(exact(*parameter.shape))
            arrays.append((f"{name}.{key}", parameter))
        hidden = net.proj_size or net.hidden_size
        x, h = exact(6, 2, net.input_size), exact(states, 2, hidden)
        arrays.append((f"{name}.x", x))
        arrays.append((f"{name}.h0", h))
        if isinstance(net, nn.LSTM):
            c = exact(states, 2, net.hidden_size)
            arrays.append((f"{name}.c0", c))
            y, (h, c) = net(x, (h, c))
            arrays.append((f"{name}.c", c))
        else:
            y, h = net(x, h)
        arrays.append((f"{name}.y", y))
        arrays.append((f"{name}.h", h))


record("lstm", nn.LSTM(3, 5, num_layers=2, bidirectional=True))
record("gru", nn.GRU(3, 4, num_layers=2, bidirectional=True))
record("rnn", nn.RNN(3, 4, num_layers=3, bias=False))
record("projected", nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2))

with open("sequences.inc", "w") as file:
    file.write(f"// Made by make_sequences.py with PyTorch {torch.__version__}.\n// clang-format off\n")
    for name, value in arrays:
        extents = ", ".join(str(extent) for extent in value.shape)
        file.write(f'{{"{name}", {{{extents}}}, {{\n')
        numbers = [repr(number) for number in value.flatten().tolist()]
        for first in range(0, len(numbers), 8):
            file.write("    " + ", ".join(numbers[first : first + 8]) + ",\n")
        file.write("}},\n")
