#!/usr/bin/env python3
"""Derives the graph of rooms from the includes of include/etch.

Fails on an arrow that is not allowed, on headers that include each other in a circle, and on a picture
in include/etch/README.md that is not the present one; --write draws the picture anew.
"""
import argparse
import pathlib
import re
import sys

# Which rooms a room may include. The headers outside of rooms, which string the rooms together, stand
# here by their own names.
EVERY_ROOM = ("core", "ir", "front", "ops", "passes", "plan", "kernels", "lower", "runtime", "eager")
OUTSIDE = ("compile", "etch")
ALLOWED = {
    "core": (),
    "ir": ("core",),
    "front": ("core", "ir"),
    "ops": ("core", "ir", "front"),
    "passes": ("core", "ir", "ops"),
    "plan": ("core", "ir", "ops", "passes", "kernels"),
    "kernels": ("core",),
    "lower": ("core", "ir", "ops", "passes", "plan", "kernels"),
    "compile": ("core", "ir", "front", "ops", "passes", "plan"),
    "runtime": ("core", "ir", "front", "passes", "plan", "kernels", "lower", "compile"),
    "eager": ("core", "ir", "front", "ops", "passes", "runtime", "compile"),
    "etch": EVERY_ROOM + ("compile",),
    "interop": EVERY_ROOM + OUTSIDE,
}

# Libraries that are not the standard one, and the rooms that may include them.
LIBRARIES = {
    "xsimd": ("kernels",),
    "hana": ("core", "front", "runtime", "eager", "compile", "etch", "interop"),
    "eigen": ("kernels", "eager", "interop"),
}

BEGIN = "<!-- rooms:begin (drawn by tests/rooms/rooms.py --write) -->"
END = "<!-- rooms:end -->"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def room_of(path):
    """etch/ir/node.hpp -> ir, etch/compile.hpp -> compile"""
    return pathlib.PurePath(path.parts[1]).stem


def library_of(name):
    first = name.split("/")[0].lower()
    if name.startswith("boost/hana"):
        return "hana"
    return {"xsimd": "xsimd", "eigen": "eigen", "unsupported": "eigen", "boost": "boost"}.get(first)


class Includes:
    """headers[path] = the headers of etch it includes; libraries[path] = the foreign ones."""

    def __init__(self, include_dir):
        self.headers = {}
        self.libraries = {}
        self.missing = []
        for file in sorted(include_dir.glob("etch/**/*.hpp")):
            self._read(include_dir, file)

    def _read(self, include_dir, file):
        path = file.relative_to(include_dir)
        self.headers[path] = []
        self.libraries[path] = []
        for quote, name in INCLUDE.findall(file.read_text(encoding="utf-8")):
            beside = file.parent / name
            if name.startswith("etch/"):
                target = pathlib.PurePosixPath(name)
            elif quote == '"' and beside.exists():
                target = pathlib.PurePosixPath(beside.resolve().relative_to(include_dir).as_posix())
            else:
                library = library_of(name)
                if library:
                    self.libraries[path].append(library)
                continue
            if (include_dir / target).exists():
                self.headers[path].append(pathlib.Path(target))
            else:
                self.missing.append(f"{path}: includes {name}, which is not there")


def room_arrows(includes):
    """{(from, to): the first header that makes the arrow}"""
    arrows = {}
    for path, targets in includes.headers.items():
        for target in targets:
            if room_of(path) != room_of(target):
                arrows.setdefault((room_of(path), room_of(target)), f"{path} includes {target}")
    return arrows


def stray_arrows(includes):
    complaints = list(includes.missing)
    for path, targets in includes.headers.items():
        room = room_of(path)
        if room not in ALLOWED:
            complaints.append(f"{path}: '{room}' is no room")
            continue
        for target in targets:
            other = room_of(target)
            if other != room and other not in ALLOWED[room]:
                may = ", ".join(ALLOWED[room]) or "the standard library only"
                complaints.append(f"{path}: includes {target}; {room} may include: {may}")
        for library in includes.libraries[path]:
            if room not in LIBRARIES.get(library, ()):
                may = ", ".join(LIBRARIES.get(library, ())) or "no room"
                complaints.append(f"{path}: includes {library}, which is for: {may}")
    return complaints


def circles(includes):
    """Headers that include each other, found by a depth-first walk."""
    complaints, done = [], set()

    def walk(path, trail):
        if path in trail:
            circle = trail[trail.index(path):] + [path]
            complaints.append("circle: " + " -> ".join(str(p) for p in circle))
            return
        if path in done:
            return
        for target in includes.headers.get(path, []):
            walk(target, trail + [path])
        done.add(path)

    for path in includes.headers:
        walk(path, [])
    return complaints


def picture(includes):
    rooms = [r for r in ALLOWED if r not in OUTSIDE and any(room_of(p) == r for p in includes.headers)]
    libraries = sorted({(room_of(p), l) for p, ls in includes.libraries.items() for l in ls})
    arrows = sorted(a for a in room_arrows(includes) if not set(a) & set(OUTSIDE))
    lines = ["```mermaid", "flowchart BT"]
    lines += [f"  {a} --> {b}" for a, b in arrows]
    lines += [f"  {room} -.-> {library}([{library}])" for room, library in libraries if room not in OUTSIDE]
    lines += ["```", "", "| room | includes | libraries |", "|---|---|---|"]
    for room in rooms:
        to = ", ".join(f"`{b}`" for b in ALLOWED if (room, b) in arrows) or "–"
        libs = ", ".join(l for r, l in libraries if r == room) or "–"
        lines.append(f"| [`{room}`]({room}/) | {to} | {libs} |")
    return "\n".join(lines)


def with_picture(text, drawn):
    """The text with what stands between the markers replaced; None where the markers are missing."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        return None
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + drawn + "\n" + END + rest.split(END)[1]


def check_picture(readme, drawn, write):
    if not readme.exists():
        return [f"{readme}: is not there; it needs the lines '{BEGIN}' and '{END}'"]
    text = readme.read_text(encoding="utf-8")
    wanted = with_picture(text, drawn)
    if wanted is None:
        return [f"{readme}: needs, once and in this order, the lines '{BEGIN}' and '{END}'"]
    if write:
        readme.write_text(wanted, encoding="utf-8")
    elif wanted != text:
        return [f"{readme}: the picture is stale; draw it with tests/rooms/rooms.py --write"]
    return []


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--include", type=pathlib.Path, default=root / "include")
    parser.add_argument("--write", action="store_true", help="draw the picture in README.md anew")
    arguments = parser.parse_args()

    include_dir = arguments.include.resolve()
    includes = Includes(include_dir)
    complaints = stray_arrows(includes) + circles(includes)
    complaints += check_picture(include_dir / "etch/README.md", picture(includes), arguments.write)
    for complaint in complaints:
        print(f"rooms: {complaint}", file=sys.stderr)
    print(f"{len(includes.headers)} headers, {len(room_arrows(includes))} arrows between rooms, "
          f"{len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
