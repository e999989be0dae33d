#!/usr/bin/env python3
"""Trains a small recurrent net to sound like the tube amplifier of tube_amp.py.

    python3 examples/amp/train_amp.py --out examples/amp/amp.safetensors

Needs Debian's python3-torch, python3-numpy and libopenblas0-pthread. Writes the weights and, beside
them, golden.safetensors: samples and what PyTorch's net makes of them.
"""

import argparse
import os
import pathlib
import random
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
import guitar
import safetensors_file
import tube_amp

HIDDEN = 16
SECONDS = 4.0  # a recording
WARM_UP = 4096  # samples that only fill the net's memory
SEGMENT = 512  # samples, a step of the optimiser
QUIET = 1e-4  # power below which errors count no more


class Amp(torch.nn.Module):
    """y = x + dense(lstm(x))."""

    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, HIDDEN)
        self.dense = torch.nn.Linear(HIDDEN, 1)

    def forward(self, x, memory=None):
        h, memory = self.lstm(x, memory)
        return x + self.dense(h), memory


def record(count, seed):
    """`count` improvisations as [samples, count]."""
    chance = random.Random(seed)
    return numpy.array([guitar.improvised(SECONDS, chance) for _ in range(count)]).T


def amplified(played):
    """What the amplifier makes of them."""
    return numpy.array(tube_amp.Amplifier(numpy)(played))


def as_tensor(samples):
    return torch.from_numpy(samples.astype(numpy.float32))[:, :, None]


def error_to_signal(found, wanted):
    return (found - wanted).pow(2).mean() / wanted.pow(2).mean()


def emphasised(y):
    """Highs, which the ear weighs more."""
    return y[1:] - 0.85 * y[:-1]


def loss_of(found, wanted):
    """Wright, Damskägg, Juvela, Välimäki, "Real-Time Guitar Amplifier Emulation with Deep Learning",
    Applied Sciences 10(3), 2020; with the plain error beside the emphasised one."""
    error = found - wanted
    return (
        emphasised(error).pow(2).mean() / (emphasised(wanted).pow(2).mean() + QUIET / 10)
        + (error.pow(2).mean() + error.mean(0).pow(2).mean()) / (wanted.pow(2).mean() + QUIET)
    )


def train(net, played, heard, epochs, rate):
    """Backpropagation through SEGMENT samples; each step goes on where the last one ended."""
    starts = range(WARM_UP, len(played) - SEGMENT + 1, SEGMENT)
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=epochs * len(starts), pct_start=0.1
    )
    started = time.monotonic()
    for epoch in range(epochs):
        with torch.no_grad():
            _, memory = net(played[:WARM_UP])
        total = 0.0
        for start in starts:
            part = slice(start, start + SEGMENT)
            found, memory = net(played[part], memory)
            loss = loss_of(found, heard[part])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            memory = tuple(each.detach() for each in memory)
            total += loss.item()
        seconds = time.monotonic() - started
        print(f"epoch {epoch:3d}  loss {total / len(starts):.5f}  {seconds:6.1f} s", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default="amp.safetensors")
    arguments.add_argument("--recordings", type=int, default=64)
    arguments.add_argument("--epochs", type=int, default=16)
    arguments.add_argument("--rate", type=float, default=8e-3)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)

    started = time.monotonic()
    held_out = 8
    played = numpy.concatenate(
        [record(options.recordings, options.seed), record(held_out, options.seed + 1_000_000)], 1
    )
    played, heard = as_tensor(played), as_tensor(amplified(played))
    print(f"played and amplified in {time.monotonic() - started:.1f} s", flush=True)

    net = Amp()
    train(net, played[:, :-held_out], heard[:, :-held_out], options.epochs, options.rate)

    with torch.no_grad():
        seen, _ = net(played)
        error = error_to_signal(seen[:, -held_out:], heard[:, -held_out:]).item()
        error_seen = error_to_signal(seen[:, :-held_out], heard[:, :-held_out]).item()
        error_of_none = error_to_signal(played[:, -held_out:], heard[:, -held_out:]).item()
        golden = as_tensor(numpy.array(guitar.lick(0.25))[2400:6400, None])
        answer, _ = net(golden)
    print(f"error to signal: training {error_seen:.5f}, held out {error:.5f}")
    print(f"of the guitar itself {error_of_none:.5f}")

    made = {
        "made_by": "examples/amp/train_amp.py",
        "net": f"y = x + dense(lstm(x)), {HIDDEN} wide, a sample for each step, at 48 kHz",
        "seed": str(options.seed),
        "recordings": f"{options.recordings} of {SECONDS} s",
        "epochs": str(options.epochs),
        "torch": torch.__version__,
        "error_to_signal_held_out": f"{error:.5f}",
    }
    weights = {name: value.numpy() for name, value in net.state_dict().items()}
    safetensors_file.write(options.out, weights, made)
    safetensors_file.write(
        options.out.with_name("golden.safetensors"),
        {"input": golden.numpy().ravel(), "output": answer.numpy().ravel()},
        {**made, "output": "computed by PyTorch in float32 from the stored weights"},
    )


if __name__ == "__main__":
    main()
