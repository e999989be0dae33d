"""Writes and reads safetensors files with the standard library and NumPy alone.

Layout: 8 bytes of header length (little endian), a JSON header padded with spaces to a multiple
of 8, then the tensors without gaps. Wider elements come first, so every tensor is aligned to its
element size.
"""

import json
import struct

import numpy

NAME_OF = {
    "float16": "F16",
    "float32": "F32",
    "float64": "F64",
    "int32": "I32",
    "int64": "I64",
    "uint8": "U8",
}
DTYPE_OF = {name: numpy.dtype(dtype) for dtype, name in NAME_OF.items()}


def write(path, tensors, metadata):
    """Writes {name: array} with {key: text} as `__metadata__`; equal input gives equal bytes."""
    header = {"__metadata__": metadata}
    parts = []
    offset = 0
    for name in sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name)):
        array = numpy.ascontiguousarray(tensors[name])
        data = array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": NAME_OF[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        offset += len(data)
        parts.append(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def read(path):
    """Returns ({name: array}, {key: text}) of a file that `write` made."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    body = memoryview(data)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = DTYPE_OF[entry["dtype"]].newbyteorder("<")
        tensors[name] = numpy.frombuffer(body[begin:end], dtype).reshape(entry["shape"])
    return tensors, metadata
