#!/usr/bin/env python3
"""Trains a small transformer to write, letter by letter, like the documentation of this project.

    python3 examples/text/train_text.py --out examples/text/text.safetensors

Needs Debian's python3-torch, python3-numpy and libopenblas0-pthread. Writes the weights with 16
bits each and, beside them, golden.safetensors: the start of a page and PyTorch's logits behind
each of its letters.
"""

import argparse
import hashlib
import math
import os
import pathlib
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy
import torch
from torch.nn.functional import cross_entropy, dropout, embedding, linear, silu

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
import corpus
import safetensors_file

LAYERS = 4
WIDTH = 96
HEADS, KEY_HEADS, HEAD_WIDTH = 3, 1, 32
HIDDEN = 192
CONTEXT = 256
EPSILON = 1e-5
ROTARY_BASE = 10_000.0


class Transformer:
    """Llama's blocks (Touvron et al. 2023) by the names of Hugging Face: rms norms, rotary
    embeddings, grouped queries, SwiGLU; no biases."""

    def __init__(self, letters, random):
        def weights(rows, columns, scale=1.0):
            spread = scale / math.sqrt(columns)
            return torch.randn(rows, columns, generator=random).mul_(spread).requires_grad_()

        def ones():
            return torch.ones(WIDTH, requires_grad=True)

        shrink = 1 / math.sqrt(2 * LAYERS)  # of what a block adds
        self.state = {"model.embed_tokens.weight": weights(letters, WIDTH, 0.2 * WIDTH**0.5)}
        for layer in range(LAYERS):
            of = f"model.layers.{layer}."
            self.state |= {
                of + "input_layernorm.weight": ones(),
                of + "self_attn.q_proj.weight": weights(HEADS * HEAD_WIDTH, WIDTH),
                of + "self_attn.k_proj.weight": weights(KEY_HEADS * HEAD_WIDTH, WIDTH),
                of + "self_attn.v_proj.weight": weights(KEY_HEADS * HEAD_WIDTH, WIDTH),
                of + "self_attn.o_proj.weight": weights(WIDTH, HEADS * HEAD_WIDTH, shrink),
                of + "post_attention_layernorm.weight": ones(),
                of + "mlp.gate_proj.weight": weights(HIDDEN, WIDTH),
                of + "mlp.up_proj.weight": weights(HIDDEN, WIDTH),
                of + "mlp.down_proj.weight": weights(WIDTH, HIDDEN, shrink),
            }
        self.state |= {"model.norm.weight": ones(), "lm_head.weight": weights(letters, WIDTH)}

        half = HEAD_WIDTH // 2
        speeds = ROTARY_BASE ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.arange(CONTEXT, dtype=torch.float64)[:, None, None] * speeds
        self.cos, self.sin = angles.cos().float(), angles.sin().float()  # [CONTEXT, 1, half]
        self.masked = torch.full((CONTEXT, CONTEXT), -math.inf).triu(1)

    def turned(self, x):
        """Rotary embedding of [batch, T, heads, HEAD_WIDTH]; element i pairs with half + i."""
        a, b = x.chunk(2, -1)
        cos, sin = self.cos[: x.shape[1]], self.sin[: x.shape[1]]
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)

    def norm(self, x, name):
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON)
        return x * scale * self.state[name + ".weight"]

    def attention(self, x, of):
        batch, length, _ = x.shape

        def heads(name, count):
            projected = linear(x, self.state[f"{of}.{name}.weight"])
            return projected.view(batch, length, count, HEAD_WIDTH)

        q = self.turned(heads("q_proj", HEADS)) / math.sqrt(HEAD_WIDTH)
        k = self.turned(heads("k_proj", KEY_HEADS)).repeat_interleave(HEADS // KEY_HEADS, 2)
        v = heads("v_proj", KEY_HEADS).repeat_interleave(HEADS // KEY_HEADS, 2)
        q, k, v = (each.transpose(1, 2) for each in (q, k, v))
        scores = q @ k.transpose(2, 3) + self.masked[:length, :length]
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, -1)
        return linear(mixed, self.state[of + ".o_proj.weight"])

    def feed_forward(self, x, of):
        gate, up = (linear(x, self.state[f"{of}.{name}.weight"]) for name in ("gate_proj", "up_proj"))
        return linear(silu(gate) * up, self.state[of + ".down_proj.weight"])

    def logits(self, letters, drop=0.0):
        """[batch, T] -> [batch, T, number of letters]"""
        x = embedding(letters, self.state["model.embed_tokens.weight"])
        for layer in range(LAYERS):
            of = f"model.layers.{layer}."
            added = self.attention(self.norm(x, of + "input_layernorm"), of + "self_attn")
            x = x + dropout(added, drop)
            added = self.feed_forward(self.norm(x, of + "post_attention_layernorm"), of + "mlp")
            x = x + dropout(added, drop)
        return linear(self.norm(x, "model.norm"), self.state["lm_head.weight"])

    def round_to_half(self):
        """The weights as they are stored."""
        self.state = {name: w.detach().half().float() for name, w in self.state.items()}


def loss_of(net, pieces, drop=0.0):
    logits = net.logits(pieces[:, :-1], drop)
    return cross_entropy(logits.flatten(0, 1), pieces[:, 1:].flatten())


def train(net, text, steps, batch, rate, random):
    decayed = [w for w in net.state.values() if w.dim() == 2]
    others = [w for w in net.state.values() if w.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.05)
    started = time.monotonic()
    recent = []
    for step in range(steps):
        starts = torch.randint(len(text) - CONTEXT, (batch,), generator=random)
        loss = loss_of(net, torch.stack([text[at : at + CONTEXT + 1] for at in starts]), 0.05)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.state.values(), 1.0)
        optimizer.step()
        schedule.step()
        recent.append(loss.item())
        if step % 100 == 99 or step + 1 == steps:
            seconds = time.monotonic() - started
            print(f"step {step:5d}  loss {sum(recent) / len(recent):.4f}  {seconds:6.1f} s", flush=True)
            recent.clear()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default="text.safetensors")
    arguments.add_argument("--steps", type=int, default=1_600)
    arguments.add_argument("--batch", type=int, default=12)
    arguments.add_argument("--rate", type=float, default=3e-3)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = torch.Generator().manual_seed(options.seed)

    documents = corpus.documents()
    whole = "\n\n".join(documents)
    vocabulary = "".join(sorted(set(whole)))
    number_of = {letter: number for number, letter in enumerate(vocabulary)}
    text = torch.tensor([number_of[letter] for letter in whole])
    held_out = len(text) // 20
    print(f"{len(text)} letters, {len(vocabulary)} different ones", flush=True)

    net = Transformer(len(vocabulary), random)
    print(f"{sum(w.numel() for w in net.state.values())} weights", flush=True)
    train(net, text[:-held_out], options.steps, options.batch, options.rate, random)
    net.round_to_half()

    with torch.no_grad():
        pieces = text[-held_out:].unfold(0, CONTEXT + 1, CONTEXT)
        loss = sum(loss_of(net, piece[None]).item() for piece in pieces) / len(pieces)
        golden = text[: CONTEXT // 2]
        logits = net.logits(golden[None])[0]
    print(f"held out: {loss:.4f} nats a letter")

    made = {
        "made_by": "examples/text/train_text.py",
        "net": f"llama: {LAYERS} layers of {WIDTH}, {HEADS} heads, {KEY_HEADS} of keys, SwiGLU {HIDDEN}",
        "vocabulary": vocabulary,
        "learned_from": f"{len(text)} letters, sha256 {hashlib.sha256(whole.encode()).hexdigest()}",
        "seed": str(options.seed),
        "steps": str(options.steps),
        "batch": str(options.batch),
        "torch": torch.__version__,
        "nats_a_letter_held_out": f"{loss:.4f}",
    }
    stored = {name: w.half().numpy() for name, w in net.state.items()}
    safetensors_file.write(options.out, stored, made)
    safetensors_file.write(
        options.out.with_name("golden.safetensors"),
        {"letters": golden.numpy().astype(numpy.int32), "logits": logits.numpy()},
        {**made, "logits": "computed by PyTorch in float32 from the stored weights"},
    )


if __name__ == "__main__":
    main()
