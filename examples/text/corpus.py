"""What the text example learns from: the documentation of this project."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = ["README.md", "include/etch/README.md", "bench/README.md", "CHANGELOG.md"]


def docstrings(header):
    """The blocks of /// lines of a header, without the slashes."""
    blocks = []
    for block in re.findall(r"(?:^[ \t]*///.*\n)+", header, re.MULTILINE):
        lines = [re.sub(r"^[ \t]*/// ?", "", line).rstrip() for line in block.splitlines()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def plain(text):
    """Printable ASCII and newlines; runs of dashes and spaces, as tables have them, cut short."""
    text = re.sub(r"[^\n -~]", "", text)
    return re.sub(r"-{4,}", "---", re.sub(r" {9,}", " " * 8, text))


def documents():
    """The pages, then the docstrings of each header, in a fixed order."""
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    for header in sorted((ROOT / "include").rglob("*.hpp")):
        texts.append(docstrings(header.read_text(encoding="utf-8")))
    return [plain(text) for text in texts if text]
