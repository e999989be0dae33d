#!/usr/bin/env python3
"""Trains a small neural signed distance field on shapes given by formulas.

    python3 examples/sdf/train_sdf.py --out examples/sdf/sdf.safetensors

Needs Debian's python3-torch and python3-numpy. Writes the weights and, beside them,
golden.safetensors: points and the distances that the stored weights give in float64.
"""

import argparse
import math
import pathlib
import sys
import time

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
import fast_torch
import safetensors_file

WIDTH = 64
HIDDEN_LAYERS = 4
FIRST_OMEGA = 8.0
HIDDEN_OMEGA = 12.0
REACH = 1.1  # the field is meant for [-REACH, REACH]^3 ...
MARGIN = 0.1  # ... and trained a little beyond, so that it is good up to the faces
NEAR = 0.05  # what "near the surface" means in the report


# ---- the shapes: distances in float64, negative inside ------------------------------------------


def smooth_max(a, b, k):
    """max(a, b) with the edge where they meet rounded over a band of width k."""
    h = torch.clamp(k - (a - b).abs(), min=0) / k
    return torch.maximum(a, b) + h * h * (k / 4)


def smooth_min(a, b, k):
    return -smooth_max(-a, -b, k)


def rounded_box(p, half, radius):
    """Distance to a box (a square in 2-D) of the given half size, its edges rounded by radius."""
    q = p.abs() - (half - radius)
    outside = torch.clamp(q, min=0)
    return (outside.pow(2).sum(-1) + 1e-12).sqrt() + torch.clamp(q.amax(-1), max=0) - radius


def rotation(x_degrees, z_degrees):
    a, b = math.radians(x_degrees), math.radians(z_degrees)
    about_x = [[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]]
    about_z = [[math.cos(b), -math.sin(b), 0], [math.sin(b), math.cos(b), 0], [0, 0, 1]]
    return torch.tensor(about_z, dtype=torch.float64) @ torch.tensor(about_x, dtype=torch.float64)


def twisted_ring(p, radius, half, rounding, quarter_turns):
    """A ring about the y axis with a square section that turns while it goes around."""
    x, y, z = p.unbind(-1)
    across = (x * x + z * z + 1e-12).sqrt() - radius
    turn = torch.atan2(z, x) * (quarter_turns / 4)
    c, s = turn.cos(), turn.sin()
    section = torch.stack([c * across + s * y, c * y - s * across], -1)
    return rounded_box(section, half, rounding)


def scene(p):
    """A cube hollowed by a sphere, a ball inside it, and a tilted twisted ring around both."""
    from_centre = (p.pow(2).sum(-1) + 1e-12).sqrt()
    cage = smooth_max(rounded_box(p, 0.38, 0.05), 0.48 - from_centre, 0.03)
    ball = from_centre - 0.25
    ring = twisted_ring(p @ rotation(24.0, 16.0), 0.77, 0.10, 0.03, 5)
    return smooth_min(torch.minimum(cage, ball), ring, 0.06)


def with_gradient(field, p):
    p = p.detach().requires_grad_(True)
    d = field(p)
    (gradient,) = torch.autograd.grad(d.sum(), p)
    return d.detach(), gradient


# ---- the net ------------------------------------------------------------------------------------


class Field(torch.nn.Module):
    """fc0..fcN of sin(omega * linear(x)), then a linear output. `folded` absorbs the omegas."""

    def __init__(self):
        super().__init__()
        widths = [3] + [WIDTH] * (HIDDEN_LAYERS + 1)
        self.hidden = torch.nn.ModuleList(map(torch.nn.Linear, widths, widths[1:]))
        self.out = torch.nn.Linear(WIDTH, 1)
        for i, layer in enumerate(self.hidden):
            bound = 1 / 3 if i == 0 else math.sqrt(6 / WIDTH) / HIDDEN_OMEGA
            torch.nn.init.uniform_(layer.weight, -bound, bound)
        torch.nn.init.uniform_(self.out.weight, -0.1, 0.1)

    def forward(self, x):
        for i, layer in enumerate(self.hidden):
            omega = HIDDEN_OMEGA if i else FIRST_OMEGA
            x = fast_torch.sine(omega * fast_torch.linear(layer, x))
        return fast_torch.linear(self.out, x).squeeze(-1)

    def folded(self):
        """The state_dict of the same net written as plain sin(linear(x)), as float32 arrays."""
        state = {}
        for i, layer in enumerate(self.hidden):
            omega = HIDDEN_OMEGA if i else FIRST_OMEGA
            state[f"fc{i}.weight"] = (omega * layer.weight.detach().double()).float().numpy()
            state[f"fc{i}.bias"] = (omega * layer.bias.detach().double()).float().numpy()
        state["out.weight"] = self.out.weight.detach().float().numpy()
        state["out.bias"] = self.out.bias.detach().float().numpy()
        return state


def evaluate(state, points):
    """The net as etch sees it, in float64: sin(fc0), ..., sin(fcN), out. Returns [points, 1]."""
    x = numpy.asarray(points, numpy.float64)
    for i in range(HIDDEN_LAYERS + 1):
        w, b = (state[f"fc{i}.{part}"].astype(numpy.float64) for part in ("weight", "bias"))
        x = numpy.sin(x @ w.T + b)
    w, b = (state[f"out.{part}"].astype(numpy.float64) for part in ("weight", "bias"))
    return x @ w.T + b


# ---- training -----------------------------------------------------------------------------------


def cube(count, random, reach=REACH):
    return (torch.rand(count, 3, generator=random, dtype=torch.float64) * 2 - 1) * reach


def near_surface(count, spread, random):
    """Points on the surface, found by walking along the gradient, then moved by a normal error."""
    kept = []
    while sum(map(len, kept)) < count:
        p = cube(count, random)
        for _ in range(6):
            d, g = with_gradient(scene, p)
            p = p - d[:, None] * g / g.pow(2).sum(-1, keepdim=True).clamp(min=0.25)
        kept.append(p[(scene(p).abs() < 1e-3) & (p.abs().amax(-1) < REACH)])
    p = torch.cat(kept)[:count]
    return p + spread * torch.randn(p.shape, generator=random, dtype=torch.float64)


def pool(count, random):
    """Training points: at the surface, near it, around it, and anywhere."""
    quarter = count // 4
    return torch.cat(
        [near_surface(quarter, spread, random) for spread in (0.006, 0.025, 0.09)]
        + [cube(count - 3 * quarter, random, REACH + MARGIN)]
    )


def train(field, steps, batch, points, random):
    distance = torch.cat([scene(part) for part in points.split(1 << 16)]).float()
    points = points.float()
    optimizer = torch.optim.Adam(field.parameters(), betas=(0.9, 0.99))
    warm_up = 100
    started = time.monotonic()
    for step in range(steps):
        progress = step / steps
        rate = 5e-4 * min(1, (step + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * progress))
        optimizer.param_groups[0]["lr"] = rate
        chosen = torch.randint(len(points), (batch,), generator=random)
        target = distance[chosen]
        error = (field(points[chosen]) - target).abs()
        loss = (error / (target.abs() + 0.05)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 500 == 0 or step + 1 == steps:
            seconds = time.monotonic() - started
            print(f"step {step:6d}  loss {loss.item():.5f}  {seconds:6.1f} s", flush=True)


# ---- report -------------------------------------------------------------------------------------


def report(state, random):
    """Errors of the stored weights on fresh points, and how steep the field is."""
    everywhere = cube(200_000, random)
    near = near_surface(200_000, NEAR / 2, random)
    near = near[scene(near).abs() < NEAR]
    result = {}
    for name, p in (("everywhere", everywhere), ("near_surface", near)):
        found = evaluate(state, p.numpy())[:, 0]
        error = numpy.abs(found - scene(p).numpy())
        h = 1e-4
        slopes = [
            evaluate(state, p.numpy() + step) - evaluate(state, p.numpy() - step)
            for step in h * numpy.eye(3)
        ]
        steepness = numpy.sqrt(sum(slope[:, 0] ** 2 for slope in slopes)) / (2 * h)
        result[f"mean_abs_error_{name}"] = f"{error.mean():.6f}"
        result[f"p99_abs_error_{name}"] = f"{numpy.quantile(error, 0.99):.6f}"
        result[f"max_abs_error_{name}"] = f"{error.max():.6f}"
        result[f"gradient_p01_{name}"] = f"{numpy.quantile(steepness, 0.01):.4f}"
        result[f"gradient_mean_{name}"] = f"{steepness.mean():.4f}"
        result[f"gradient_p999_{name}"] = f"{numpy.quantile(steepness, 0.999):.4f}"
        result[f"gradient_max_{name}"] = f"{steepness.max():.4f}"
    return result


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default="sdf.safetensors")
    arguments.add_argument("--steps", type=int, default=30_000)
    arguments.add_argument("--batch", type=int, default=4096)
    arguments.add_argument("--pool", type=int, default=2_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = torch.Generator().manual_seed(options.seed)

    points = pool(options.pool, random)
    field = Field()
    train(field, options.steps, options.batch, points, random)
    state = field.folded()

    measured = report(state, torch.Generator().manual_seed(options.seed + 1))
    for name, value in measured.items():
        print(f"{name:32s} {value}")

    made = {
        "made_by": "examples/sdf/train_sdf.py",
        "net": f"sin(fc0 3->{WIDTH}), {HIDDEN_LAYERS} x sin(fc {WIDTH}->{WIDTH}), out {WIDTH}->1",
        "seed": str(options.seed),
        "steps": str(options.steps),
        "batch": str(options.batch),
        "torch": torch.__version__,
    }
    safetensors_file.write(options.out, state, {**made, **measured})

    golden = torch.Generator().manual_seed(options.seed + 2)
    places = torch.cat([cube(128, golden), near_surface(128, 0.02, golden)]).float().numpy()
    safetensors_file.write(
        options.out.with_name("golden.safetensors"),
        {"points": places, "distance": evaluate(state, places).astype(numpy.float32)},
        {**made, "distance": "computed in float64 from the stored float32 weights and points"},
    )


if __name__ == "__main__":
    main()
