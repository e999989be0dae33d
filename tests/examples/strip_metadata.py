"""strip_metadata.py FROM TO: copies a safetensors file without its metadata."""

import json
import pathlib
import struct
import sys

source, target = map(pathlib.Path, sys.argv[1:])
data = source.read_bytes()
(length,) = struct.unpack_from("<Q", data)
header = json.loads(data[8 : 8 + length])
del header["__metadata__"]
text = json.dumps(header).encode().ljust(length)
target.write_bytes(data[:8] + text + data[8 + length :])
