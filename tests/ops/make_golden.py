#!/usr/bin/env python3
"""Writes golden.inc: small inputs and what PyTorch makes of them, for tests/ops/golden.cpp.

Inputs are multiples of 1/32, exact in float; PyTorch computes in float64, so the numbers are right
to more digits than a float has. Run it in this folder after adding a case.
"""

import torch
import torch.nn.functional as F

generator = torch.Generator().manual_seed(2024)
arrays = []


def record(name, value):
    arrays.append((name, value))
    return value


def inputs(name, *extents):
    whole = torch.randint(-64, 65, extents, generator=generator)
    return record(name, whole.double() / 32)


def positive(name, *extents):
    whole = torch.randint(1, 65, extents, generator=generator)
    return record(name, whole.double() / 32)


x = inputs("linear.x", 2, 5)
w, b = inputs("linear.fc.weight", 3, 5), inputs("linear.fc.bias", 3)
record("linear.y", F.linear(x, w, b))

a, b = inputs("matmul.a", 2, 1, 3, 4), inputs("matmul.b", 3, 4, 2)
record("matmul.y", torch.matmul(a, b))

x = inputs("conv2d.x", 2, 4, 6, 7)
w, b = inputs("conv2d.c.weight", 6, 2, 3, 2), inputs("conv2d.c.bias", 6)
record("conv2d.y", F.conv2d(x, w, b, stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2))

x = inputs("depthwise.x", 1, 3, 4, 5)
w = inputs("depthwise.c.weight", 6, 1, 3, 3)
record("depthwise.y", F.conv2d(x, w, padding=1, groups=3))

x = inputs("same.x", 1, 2, 5, 4)
w, b = inputs("same.c.weight", 2, 2, 4, 3), inputs("same.c.bias", 2)
record("same.y", F.conv2d(x, w, b, padding="same"))

x = inputs("pool.x", 1, 2, 5, 6)
record("pool.max", F.max_pool2d(x, (3, 2), (2, 1), (1, 0)))
record("pool.avg", F.avg_pool2d(x, (3, 2), 2, (1, 1)))
record("pool.inside", F.avg_pool2d(x, (3, 2), 2, (1, 1), count_include_pad=False))
record("pool.global", F.adaptive_avg_pool2d(x, 1))

x = inputs("batch_norm.x", 2, 3, 2, 2)
w, b = inputs("batch_norm.bn.weight", 3), inputs("batch_norm.bn.bias", 3)
m, v = inputs("batch_norm.bn.running_mean", 3), positive("batch_norm.bn.running_var", 3)
# epsilon is a float in etch: 2^-10 is exact
record("batch_norm.y", F.batch_norm(x, m, v, w, b, training=False, eps=2.0**-10))

x = inputs("layer_norm.x", 2, 3, 4)
w, b = inputs("layer_norm.ln.weight", 3, 4), inputs("layer_norm.ln.bias", 3, 4)
record("layer_norm.y", F.layer_norm(x, (3, 4), w, b, eps=2.0**-16))

x = inputs("softmax.x", 2, 4, 3)
record("softmax.y", F.softmax(x, 1))
record("softmax.log", F.log_softmax(x, -1))

x = inputs("reduce.x", 2, 3, 4)
record("reduce.sum", x.sum((0, 2)))
record("reduce.mean", x.mean(1, keepdim=True))
record("reduce.amax", x.amax((1, 2)))
record("reduce.amin", x.amin(0))
record("reduce.prod", x.prod(2))

x = inputs("move.x", 2, 3, 4)
record("move.permute", x.permute(2, 0, 1))
record("move.cat", torch.cat((x, x[:, 1:]), 1))
record("move.slice", x[:, -2:, 0:4:3])
record("move.pad", F.pad(x, (1, 2, 0, 1), value=-0.5))
record("move.embedding", F.embedding(torch.tensor([[2, 0], [1, 1]]), x[0]))

x = inputs("conv_transpose2d.x", 2, 4, 3, 4)
w, b = inputs("conv_transpose2d.c.weight", 4, 3, 3, 2), inputs("conv_transpose2d.c.bias", 6)
record("conv_transpose2d.y", F.conv_transpose2d(x, w, b, (2, 3), (1, 2), (1, 2), 2, (3, 1)))

x = inputs("upsampling.x", 1, 3, 3, 2)
w = inputs("upsampling.c.weight", 3, 2, 4, 4)
record("upsampling.y", F.conv_transpose2d(x, w, stride=2, padding=1))

with open("golden.inc", "w") as file:
    file.write(f"// Made by make_golden.py with PyTorch {torch.__version__}.\n// clang-format off\n")
    for name, value in arrays:
        extents = ", ".join(str(extent) for extent in value.shape)
        file.write(f'{{"{name}", {{{extents}}}, {{\n')
        numbers = [repr(number) for number in value.flatten().tolist()]
        for first in range(0, len(numbers), 8):
            file.write("    " + ", ".join(numbers[first : first + 8]) + ",\n")
        file.write("}},\n")
