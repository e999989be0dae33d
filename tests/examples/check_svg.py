"""check_svg.py FILE LABEL...: the file is a picture with these labels and a line for each."""

import sys
import xml.etree.ElementTree as tree

path, *labels = sys.argv[1:]
SVG = "{http://www.w3.org/2000/svg}"
root = tree.parse(path).getroot()
if root.tag != SVG + "svg":
    sys.exit(f"{path}: the root is {root.tag}")
shown = [each.text for each in root.iter(SVG + "text")]
for label in labels:
    if label not in shown:
        sys.exit(f"{path}: no label '{label}' among {shown}")
lines = [each.get("points").split() for each in root.iter(SVG + "polyline")]
paths = [each.get("d") for each in root.iter(SVG + "path")]
if len(lines) != len(labels) or len(paths) != len(labels):
    sys.exit(f"{path}: {len(lines)} lines and {len(paths)} paths for {len(labels)} signals")
for line in lines:
    heights = {point.split(",")[1] for point in line}
    if len(line) != 960 or len(heights) < 20:
        sys.exit(f"{path}: a line of {len(line)} points at {len(heights)} heights")
