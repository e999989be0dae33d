#!/usr/bin/env python3
"""compare_pictures.py LARGE SMALL MOST: the small PNG shows what the large one does.

LARGE is averaged down to the size of SMALL, a whole part of its own; the mean difference of a channel
must not exceed MOST levels of 255. Reads the PNGs that libpng writes from 8-bit RGB, with nothing but
zlib.
"""
import struct
import sys
import zlib


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def read_png(path):
    """(width, height, rows of bytes, three for each pixel)"""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"{path}: no PNG"
    at, packed, head = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length:at + 12 + length])
        assert crc == zlib.crc32(kind + body), f"{path}: chunk {kind} is damaged"
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    width, height, *form = head
    assert form == [8, 2, 0, 0, 0], f"{path}: expected 8-bit RGB, found {form}"
    raw, stride = zlib.decompress(packed), 3 * width
    assert len(raw) == height * (stride + 1), f"{path}: {len(raw)} bytes of pixels"
    rows, above = [], bytes(stride)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)]
        row = bytearray(line)
        for i in range(stride):
            left = row[i - 3] if i >= 3 else 0
            corner = above[i - 3] if i >= 3 else 0
            guess = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))[kind]
            row[i] = (line[i] + guess) & 255
        rows.append(bytes(row))
        above = rows[-1]
    return width, height, rows


def main():
    large, small, most = sys.argv[1], sys.argv[2], float(sys.argv[3])
    width, height, fine = read_png(large)
    w, h, coarse = read_png(small)
    part = width // w
    if (part * w, part * h) != (width, height):
        print(f"{small} is {w} x {h}, no whole part of {width} x {height}")
        return 1
    total = 0
    for y in range(h):
        for x in range(w):
            for channel in range(3):
                mean = sum(fine[y * part + j][3 * (x * part + i) + channel]
                           for j in range(part) for i in range(part)) / part ** 2
                total += abs(mean - coarse[y][3 * x + channel])
    difference = total / (3 * w * h)
    print(f"mean difference {difference:.2f} of 255, allowed {most}")
    return 0 if difference <= most else 1


if __name__ == "__main__":
    sys.exit(main())
