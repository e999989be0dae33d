#!/usr/bin/env python3
"""Writes a guitar lick and what the tube amplifier makes of it, by its formulas.

    python3 examples/amp/make_lick.py --out FOLDER

Makes FOLDER/lick.wav and FOLDER/lick_formulas.wav: mono, 16 bits, 48 kHz. Needs Python alone.
"""

import argparse
import array
import pathlib
import sys
import wave

import guitar
import tube_amp


def write_wav(path, samples):
    """Samples within [-1, 1] with 16 bits each."""
    numbers = array.array("h", [round(32767 * max(-1.0, min(1.0, each))) for each in samples])
    if sys.byteorder == "big":
        numbers.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(guitar.RATE)
        file.writeframes(numbers.tobytes())


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."))
    arguments.add_argument("--seconds", type=float, default=5.0)
    options = arguments.parse_args()

    samples = guitar.lick(options.seconds)
    options.out.mkdir(parents=True, exist_ok=True)
    write_wav(options.out / "lick.wav", samples)
    write_wav(options.out / "lick_formulas.wav", tube_amp.Amplifier()(samples))


if __name__ == "__main__":
    main()
