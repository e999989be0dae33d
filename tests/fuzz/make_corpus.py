#!/usr/bin/env python3
"""Makes corpus/safetensors/: small files that a reader of weights must refuse or accept.

corpus/safetensors.txt tells for each file what the reader says: "fine", or a part of its report.
Every run gives the same bytes.
"""

import json
import pathlib
import shutil
import struct

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE / "corpus" / "safetensors"
LISTING = HERE / "corpus" / "safetensors.txt"


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def container(header, data=b"", claimed=None):
    """The bytes of a file; `header` is bytes, text, or what json.dumps turns into text."""
    if isinstance(header, dict):
        header = json.dumps(header, separators=(",", ":"))
    if isinstance(header, str):
        header = header.encode()
    return struct.pack("<Q", len(header) if claimed is None else claimed) + header + data


def one(dtype, shape, begin, end, data_bytes=0):
    return container({"w": entry(dtype, shape, begin, end)}, bytes(data_bytes))


U8 = '{"dtype":"U8","shape":[1],"data_offsets":[0,1]}'

CASES = {
    # accepted
    "fine_no_tensors": (container("{}"), "fine"),
    "fine_padded": (container("{}" + " " * 6), "fine"),
    "fine_scalar": (one("F32", [], 0, 4, 4), "fine"),
    "fine_empty_tensor": (one("F32", [0, 7], 0, 0), "fine"),
    "fine_large_dtypes": (
        container(
            {
                name: entry(name, [4 if "32" in name else 2], 16 * i, 16 * i + 16)
                for i, name in enumerate(("C64", "F64", "I64", "U64", "F32", "I32", "U32"))
            },
            bytes(112),
        ),
        "fine",
    ),
    "fine_small_dtypes": (
        container(
            {
                "bf16": entry("BF16", [1], 0, 2),
                "f16": entry("F16", [1], 2, 4),
                "i16": entry("I16", [1], 4, 6),
                "u16": entry("U16", [1], 6, 8),
                "i8": entry("I8", [1], 8, 9),
                "bool": entry("BOOL", [1], 9, 10),
                "f8": entry("F8_E4M3", [1], 10, 11),
                "f6": entry("F6_E2M3", [4], 11, 14),
                "f4": entry("F4", [2], 14, 15),
            },
            bytes(15),
        ),
        "fine",
    ),
    "fine_misaligned": (
        container({"a": entry("U8", [1], 0, 1), "b": entry("F64", [1], 1, 9)}, bytes(9)),
        "fine",
    ),
    "fine_nan": (container({"w": entry("F32", [1], 0, 4)}, b"\x00\x00\xc0\x7f"), "fine"),
    "fine_metadata": (container({"__metadata__": {"a": "b"}}), "fine"),
    "fine_escaped_name": (container('{"\\u00e9\\ud83d\\ude00\\n":%s}' % U8, b"x"), "fine"),
    "fine_unsorted": (
        container({"a": entry("U8", [2], 1, 3), "b": entry("U8", [1], 0, 1)}, b"xyz"),
        "fine",
    ),
    "fine_spaced": (
        container('{ "w" :\t{"shape":[ 1 ],\n"data_offsets":[0 ,1],"dtype":"U8"} }', b"x"),
        "fine",
    ),
    # the length of the header
    "empty": (b"", "the file is empty"),
    "seven_bytes": (b"\x02\x00\x00\x00\x00\x00\x00", "the file has 7 bytes"),
    "length_only": (struct.pack("<Q", 2), "the header claims 2 bytes, the file has 0"),
    "length_zero": (container(""), "the header does not begin with '{'"),
    "length_one_too_long": (container("{}", claimed=3), "the header claims 3 bytes"),
    "length_10_gb": (container("{}", claimed=10**10), "the header claims 10000000000 bytes, at most"),
    "length_all_ones": (b"\xff" * 8 + b"{}", "the header claims 18446744073709551615 bytes"),
    "length_wraps": (container("{}", claimed=2**64 - 8), "the header claims 18446744073709551608"),
    "length_big_endian": (struct.pack(">Q", 2) + b"{}", "the header claims 144115188075855872"),
    "header_cut": (container({"w": entry("U8", [1], 0, 1)}, b"x", claimed=20), "is not JSON"),
    # JSON
    "json_array": (container("[]"), "does not begin with '{'"),
    "json_space_first": (container(" {}"), "does not begin with '{'"),
    "json_byte_order_mark": (container(b"\xef\xbb\xbf{}"), "does not begin with '{'"),
    "json_open": (container("{"), "byte 9: the header is not JSON"),
    "json_trailing_comma": (container('{"w":%s,}' % U8, b"x"), "a key in quotes is expected"),
    "json_no_comma": (container('{"v":%s "w":%s}' % (U8, U8), b"x"), "',' or '}' is expected"),
    "json_comment": (container("{}//"), "nothing is expected after the value"),
    "json_zero_padding": (container(b"{}\x00\x00"), "nothing is expected after the value"),
    "json_two_values": (container("{}{}"), "nothing is expected after the value"),
    "json_single_quotes": (container("{'w':0}"), "a key in quotes is expected"),
    "json_deep": (container('{"w":' + "[" * 5000), "nested too deeply"),
    "json_deep_objects": (container('{"w":' + '{"w":' * 100), "is not JSON"),
    "json_leading_zero": (container('{"w":{"shape":[01]}}'), "',' or ']' is expected"),
    "json_bare_word": (container('{"w":nul}'), "a value is expected"),
    "json_control_character": (container(b'{"\n":0}'), "a control character"),
    "json_bad_escape": (container('{"\\x":0}'), "an unknown escape"),
    "json_short_code": (container('{"\\u12":0}'), "four hexadecimal digits"),
    "json_lone_high": (container('{"\\ud800":0}'), "half of a surrogate pair"),
    "json_lone_low": (container('{"\\udc00":0}'), "half of a surrogate pair"),
    "json_swapped_pair": (container('{"\\udc00\\ud800":0}'), "half of a surrogate pair"),
    "utf8_stray": (container(b'{"\x80":0}'), "bytes that are not UTF-8"),
    "utf8_overlong": (container(b'{"\xc0\xaf":0}'), "bytes that are not UTF-8"),
    "utf8_surrogate": (container(b'{"\xed\xa0\x80":0}'), "bytes that are not UTF-8"),
    "utf8_past_the_end": (container(b'{"\xf4\x90\x80\x80":0}'), "bytes that are not UTF-8"),
    "utf8_cut": (container(b'{"\xf0\x9f'), "bytes that are not UTF-8"),
    # keys
    "twice_name": (container('{"w":%s,"w":%s}' % (U8, U8), b"x"), "'w' is given twice"),
    "twice_escaped": (container('{"w":%s,"\\u0077":%s}' % (U8, U8), b"x"), "'w' is given twice"),
    "twice_dtype": (container('{"w":{"dtype":"U8","dtype":"I8"}}'), "dtype is given twice"),
    "twice_metadata": (container('{"__metadata__":{},"__metadata__":{}}'), "is given twice"),
    "twice_metadata_key": (container('{"__metadata__":{"a":"","a":""}}'), "'a' is given twice"),
    "key_unknown": (container('{"w":{"dtypes":[{"a":[]}]}}'), "unknown key 'dtypes'"),
    "key_missing": (container('{"w":{}}'), "3 problems"),
    "entry_number": (container('{"w":1e400}'), "is not an object"),
    "entry_null": (container('{"w":null}'), "is not an object"),
    "metadata_number": (container('{"__metadata__":{"a":1}}'), "'a' is not a string"),
    "metadata_nested": (container('{"__metadata__":{"a":{"b":"c"}}}'), "'a' is not a string"),
    "metadata_array": (container('{"__metadata__":["a"]}'), "is not an object"),
    "name_hostile": (container('{"\\u001b[2J\\u0000%s\\n":0}' % ("%n" * 60)), "\\x1b[2J\\x00%n"),
    # dtype and shape
    "dtype_unknown": (one("F31", [1], 0, 4, 4), "unknown dtype 'F31'"),
    "dtype_lower_case": (one("f32", [1], 0, 4, 4), "unknown dtype 'f32'"),
    "dtype_number": (one(32, [1], 0, 4, 4), "dtype is not a string"),
    "shape_negative": (one("F32", [-1], 0, 4, 4), "'-1', which is negative"),
    "shape_minus_zero": (container('{"w":{"shape":[-0]}}'), "'-0', which is negative"),
    "shape_fraction": (one("F32", [1.5], 0, 4, 4), "'1.5', which is not a plain whole number"),
    "shape_exponent": (container('{"w":{"shape":[1e3]}}'), "'1e3', which is not a plain"),
    "shape_too_large": (one("U8", [2**63], 0, 1, 1), "'9223372036854775808', which is too large"),
    "shape_huge_number": (one("U8", [10**200], 0, 1, 1), "which is too large"),
    "shape_product_wraps_to_zero": (one("U8", [2**32, 2**32], 0, 0), "cannot be counted"),
    "shape_bytes_wrap_to_zero": (one("F64", [2**61], 0, 0), "cannot be counted"),
    "shape_zero_and_overflow": (one("U8", [0, 2**62, 2**62], 0, 0), "cannot be counted"),
    "shape_text": (one("U8", "1", 0, 1, 1), "shape is not an array"),
    "shape_nested": (one("U8", [[1]], 0, 1, 1), "something that is not a number"),
    "shape_33_dimensions": (one("U8", [1] * 33, 0, 1, 1), "33 dimensions"),
    "shape_1000_dimensions": (one("U8", [1] * 1000, 0, 1, 1), "1000 dimensions"),
    "shape_half_a_byte": (one("F4", [3], 0, 2, 2), "cannot be counted"),
    # data_offsets
    "offsets_one": (container('{"w":{"data_offsets":[0]}}'), "has 1 elements"),
    "offsets_three": (container('{"w":{"data_offsets":[0,1,2]}}', b"x"), "has 3 elements"),
    "offsets_text": (container('{"w":{"data_offsets":"01"}}'), "data_offsets is not an array"),
    "offsets_negative": (one("U8", [1], -1, 0), "'-1', which is negative"),
    "offsets_too_large": (one("U8", [1], 0, 2**64), "which is too large"),
    "offsets_backwards": (one("U8", [1], 1, 0, 1), "end before they begin"),
    "offsets_past_the_end": (one("F32", [2], 0, 8, 7), "end past the data, which are 7 bytes"),
    "offsets_far_past_the_end": (one("U8", [1], 2**64 - 2, 2**64 - 1), "end past the data"),
    "offsets_too_short": (one("F32", [2], 0, 4, 4), "which takes 8 bytes"),
    "offsets_too_long": (one("F32", [2], 0, 12, 12), "which takes 8 bytes"),
    "hole_front": (one("U8", [1], 3, 4, 4), "bytes [0,3) of the data belong to no tensor"),
    "hole_middle": (
        container({"a": entry("U8", [1], 0, 1), "b": entry("U8", [1], 2, 3)}, bytes(3)),
        "bytes [1,2) of the data belong to no tensor",
    ),
    "trailing_byte": (one("U8", [1], 0, 1, 2), "bytes [1,2) of the data belong to no tensor"),
    "data_without_tensors": (container("{}", bytes(16)), "bytes [0,16) of the data belong"),
    "overlap": (
        container({"a": entry("U8", [2], 0, 2), "b": entry("U8", [2], 1, 3)}, bytes(3)),
        "'b' [1,3) overlaps 'a' [0,2)",
    ),
    "overlap_inside": (
        container({"a": entry("U8", [4], 0, 4), "b": entry("U8", [1], 2, 3)}, bytes(4)),
        "'b' [2,3) overlaps 'a' [0,4)",
    ),
    "overlap_same": (
        container({"a": entry("U8", [2], 0, 2), "b": entry("U8", [2], 0, 2)}, bytes(2)),
        "'b' [0,2) overlaps 'a' [0,2)",
    ),
    "overlap_empty_inside": (
        container({"a": entry("U8", [2], 0, 2), "b": entry("U8", [0], 1, 1)}, bytes(2)),
        "'b' [1,1) overlaps 'a' [0,2)",
    ),
    "many_problems": (container({str(i): i for i in range(100)}), "and 80 more"),
}


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    lines = []
    for name, (data, says) in sorted(CASES.items()):
        (FOLDER / name).write_bytes(data)
        lines.append(f"{name}\t{says}\n")
    LISTING.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} files, {sum(len(data) for data, _ in CASES.values())} bytes")


if __name__ == "__main__":
    main()
