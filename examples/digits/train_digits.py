#!/usr/bin/env python3
"""Trains the digits classifier of the README on digits that this script draws.

    python3 examples/digits/train_digits.py --out examples/digits/digits.safetensors

Needs Debian's python3-torch, python3-numpy, python3-pil and fonts-dejavu-core. Writes the weights
and, beside them, samples.safetensors: held-out images, their labels and PyTorch's probabilities.
"""

import argparse
import pathlib
import sys
import time

import numpy
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
import fast_torch
import safetensors_file

FONT_FOLDER = pathlib.Path("/usr/share/fonts/truetype/dejavu")
FACES = ["Sans", "Sans-Bold", "SansMono", "SansMono-Bold", "Serif", "Serif-Bold"]
SIDE = 28
SCALE = 3  # digits are drawn larger and then reduced, which smooths their edges
BATCH = 256


# ---- drawing ------------------------------------------------------------------------------------


class Pen:
    """Draws distorted digits; equal seeds give equal images."""

    def __init__(self, seed):
        self.random = numpy.random.default_rng(seed)
        self.fonts = [
            (ImageFont.truetype(str(FONT_FOLDER / f"DejaVu{face}.ttf"), size), "Bold" in face)
            for face in FACES
            for size in (54, 60, 66)
        ]

    def digit(self, value):
        """One digit as [784] float32, 0 for paper and 1 for ink."""
        random = self.random
        side = SIDE * SCALE
        font, bold = self.fonts[random.integers(len(self.fonts))]
        image = Image.new("L", (side, side), 0)
        thicker = int(random.choice([0, 0, 1, 2]))
        middle = side / 2
        ImageDraw.Draw(image).text(
            (middle, middle), str(value), 255, font, anchor="mm", stroke_width=thicker
        )
        if bold and random.random() < 0.25:
            image = image.filter(ImageFilter.MinFilter(3))

        angle = random.normal(0, 0.14)
        shear = random.normal(0, 0.18)
        width, height = random.uniform(0.75, 1.3, 2)
        turn = [[numpy.cos(angle), -numpy.sin(angle)], [numpy.sin(angle), numpy.cos(angle)]]
        inverse = numpy.array(turn) @ [[1, shear], [0, 1]] @ numpy.diag([1 / width, 1 / height])
        moved = middle + random.uniform(-2.5, 2.5, 2) * SCALE
        offset = middle - inverse @ moved
        coefficients = (*inverse[0], offset[0], *inverse[1], offset[1])
        image = image.transform((side, side), Image.AFFINE, coefficients, Image.BILINEAR)

        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0, 0.9) * SCALE))
        image = image.resize((SIDE, SIDE), Image.BOX)
        ink = numpy.asarray(image, numpy.float32).ravel() / 255
        ink = ink * random.uniform(0.6, 1.0) + random.uniform(0, 0.08)
        ink += random.normal(0, random.uniform(0, 0.08), ink.shape)
        return numpy.clip(ink, 0, 1).astype(numpy.float32)

    def digits(self, count):
        """`count` images and labels, every digit equally often."""
        labels = self.random.permutation(numpy.arange(count) % 10)
        return numpy.stack([self.digit(label) for label in labels]), labels.astype(numpy.int64)


# ---- the net ------------------------------------------------------------------------------------


class Digits(torch.nn.Module):
    """h = relu(fc1(x)); h = relu(fc2(h)) + h; softmax(fc3(h))."""

    def __init__(self, width):
        super().__init__()
        self.fc1 = torch.nn.Linear(SIDE * SIDE, width)
        self.fc2 = torch.nn.Linear(width, width)
        self.fc3 = torch.nn.Linear(width, 10)

    def logits(self, x, linear=fast_torch.linear):
        h = torch.relu(linear(self.fc1, x))
        h = torch.relu(linear(self.fc2, h)) + h
        return linear(self.fc3, h)

    def forward(self, x):
        return torch.softmax(self.logits(x, lambda layer, x: layer(x)), -1)


def train(net, images, labels, epochs, random):
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=0.02)
    batches = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 3e-3, total_steps=epochs * batches, pct_start=0.15
    )
    started = time.monotonic()
    for epoch in range(epochs):
        order = torch.randperm(len(images), generator=random)
        total = 0.0
        for chosen in order[: batches * BATCH].split(BATCH):
            loss = torch.nn.functional.cross_entropy(
                net.logits(images[chosen]), labels[chosen], label_smoothing=0.05
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        seconds = time.monotonic() - started
        print(f"epoch {epoch:3d}  loss {total / batches:.5f}  {seconds:6.1f} s", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default="digits.safetensors")
    arguments.add_argument("--width", type=int, default=96)
    arguments.add_argument("--count", type=int, default=120_000)
    arguments.add_argument("--epochs", type=int, default=30)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)

    started = time.monotonic()
    images, labels = map(torch.from_numpy, Pen([options.seed, 0]).digits(options.count))
    print(f"drew {options.count} digits in {time.monotonic() - started:.1f} s", flush=True)

    net = Digits(options.width)
    train(net, images, labels, options.epochs, torch.Generator().manual_seed(options.seed))

    held_out, truth = map(torch.from_numpy, Pen([options.seed, 1]).digits(10_000))
    shown, shown_labels = map(torch.from_numpy, Pen([options.seed, 2]).digits(20))
    with torch.no_grad():
        accuracy = (net(held_out).argmax(-1) == truth).double().mean().item()
        seen = (net(images).argmax(-1) == labels).double().mean().item()
        probabilities = net(shown)
    right = int((probabilities.argmax(-1) == shown_labels).sum())
    print(f"accuracy: training {seen:.4%}, held out {accuracy:.4%}, samples {right} of 20")

    made = {
        "made_by": "examples/digits/train_digits.py",
        "net": "h = relu(fc1(x)); h = relu(fc2(h)) + h; softmax(fc3(h))",
        "seed": str(options.seed),
        "images": str(options.count),
        "epochs": str(options.epochs),
        "torch": torch.__version__,
        "accuracy_held_out": f"{accuracy:.4f}",
    }
    weights = {name: value.numpy() for name, value in net.state_dict().items()}
    safetensors_file.write(options.out, weights, made)
    safetensors_file.write(
        options.out.with_name("samples.safetensors"),
        {
            "images": shown.numpy(),
            "labels": shown_labels.numpy(),
            "probabilities": probabilities.numpy(),
        },
        {**made, "probabilities": "computed by PyTorch in float32 from the stored weights"},
    )


if __name__ == "__main__":
    main()
