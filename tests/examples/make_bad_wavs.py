"""Writes into the folder given WAV files that example_amp has to refuse, and some that it plays."""

import pathlib
import struct
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)

PCM, FLOAT = 1, 3


def wav(samples, rate=48_000, channels=1, kind=FLOAT):
    """The bytes of a WAV; `samples` are floats, or integers of 16 bits."""
    code, width = ("f", 4) if kind == FLOAT else ("h", 2)
    data = struct.pack(f"<{len(samples)}{code}", *samples)
    layout = struct.pack("<HHIIHH", kind, channels, rate, rate * channels * width,
                         channels * width, 8 * width)
    body = b"WAVE"
    for name, part in ((b"fmt ", layout), (b"data", data)):
        body += name + struct.pack("<I", len(part)) + part
    return b"RIFF" + struct.pack("<I", len(body)) + body


tone = [0.5 * (-1) ** (i // 50) for i in range(4800)]
files = {
    "good": wav(tone),
    "one_sample": wav([0.25]),
    "silent": wav([0] * 4800, kind=PCM),
    "short": wav(tone[:4799]),
    "empty": b"",
    "text": b"This is a text, and a rather long one.",
    "headless": b"RIFF\x04\x00\x00\x00WAVE",
    "stereo": wav(tone, channels=2),
    "rate": wav(tone, rate=44_100),
    "no_samples": wav([]),
    "nan": wav(tone[:17] + [float("nan")] + tone),
    "infinite": wav(tone[:9] + [float("-inf")] + tone),
    "truncated": wav(tone)[:-1000],
}
for name, content in files.items():
    (folder / f"{name}.wav").write_bytes(content)
