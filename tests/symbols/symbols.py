#!/usr/bin/env python3
"""Reads the symbols of objects built for one instruction set and names those that could be shared.

A weak or global function that another file defines too is kept once by the linker: if the kept copy is
the one built for a wide instruction set, the whole program needs that processor. Every such function
must therefore carry its instruction set in its name: the namespace etch::isa_<name>, or the tag of
xsimd among its template arguments. Exempt are the entry points, which exist once by construction.
Static initialisers are refused as well: they run on every processor, before anything is chosen.
Of a --sealed object nothing at all may be visible but the entry points.
"""
import argparse
import re
import subprocess
import sys

# The names of the Itanium mangling carry their length, so isa_avx2 cannot hide in my_isa_avx2_like.
XSIMD_TAGS = {
    "sse4_2": ("6sse4_2",),
    "avx2": ("4avx2",),
    "avx512": ("7avx512f", "8avx512cd", "8avx512dq", "8avx512bw"),
}
# Two calls that clang adds to functions that are noexcept: no vector instruction has a place there.
EXEMPT = re.compile(r"^__clang_call_terminate$")
SHARED_FUNCTION = set("TWi")  # global, weak and indirect functions as nm shows them
INITIALISER = re.compile(r"^_GLOBAL__(sub_)?I_|^__cxx_global_var_init|^_GLOBAL__D_")


def carries_isa(symbol, isa):
    marks = (f"{len('isa_' + isa)}isa_{isa}",) + XSIMD_TAGS[isa]
    return any(mark in symbol for mark in marks)


def violations(symbols, isa, entries, sealed):
    """symbols: (name, type) as nm gives them. Returns (name, why)."""
    found = []
    for name, kind in symbols:
        is_entry = any(entry.search(name) for entry in entries)
        if INITIALISER.search(name):
            found.append((name, "a static initialiser, which runs before a processor is asked"))
        elif sealed:
            if not is_entry and (kind.isupper() or kind in "uvwi"):
                found.append((name, f"visible ({kind}) in an object that is to be sealed"))
        elif kind in SHARED_FUNCTION and not carries_isa(name, isa):
            if not is_entry and not EXEMPT.search(name):
                found.append((name, f"a {'weak' if kind == 'W' else 'global'} function whose name "
                                    f"lacks isa_{isa}"))
    return found


def read_symbols(nm, path):
    output = subprocess.run([nm, "--defined-only", "-P", path], check=True, text=True,
                            capture_output=True).stdout
    return [tuple(line.split()[:2]) for line in output.splitlines() if line.strip()]


def demangle(names):
    try:
        output = subprocess.run(["c++filt"], input="\n".join(names), check=True, text=True,
                                capture_output=True).stdout
        return output.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return names


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--isa", required=True, choices=sorted(XSIMD_TAGS))
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--entry", action="append", default=[], metavar="REGEX",
                        help="mangled names of entry points")
    parser.add_argument("--sealed", action="store_true")
    parser.add_argument("objects", nargs="+")
    arguments = parser.parse_args()

    entries = [re.compile(entry) for entry in arguments.entry]
    functions, found = 0, []
    for path in arguments.objects:
        symbols = read_symbols(arguments.nm, path)
        functions += sum(kind in SHARED_FUNCTION for _, kind in symbols)
        found += violations(symbols, arguments.isa, entries, arguments.sealed)
    if functions == 0:
        print("symbols: no function is defined in these objects: nothing was checked")
        return 1
    readable = demangle([name for name, _ in found])
    for (name, why), text in list(zip(found, readable))[:20]:
        print(f"symbols: {text}: {why}\n         {name}")
    if len(found) > 20:
        print(f"symbols: and {len(found) - 20} more")
    print(f"{functions} weak or global functions, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
