"""rooms.py refuses what it has to refuse."""
import pathlib
import tempfile
import unittest

import rooms


class RoomsTest(unittest.TestCase):
    def tree(self, files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        include_dir = pathlib.Path(folder.name).resolve()
        for name, text in files.items():
            path = include_dir / "etch" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return include_dir

    def complaints(self, files):
        includes = rooms.Includes(self.tree(files))
        return rooms.stray_arrows(includes) + rooms.circles(includes)

    def test_the_allowed_table_has_no_circle(self):
        done = set()
        while len(done) < len(rooms.ALLOWED):
            free = [r for r, to in rooms.ALLOWED.items() if r not in done and set(to) <= done]
            self.assertTrue(free, f"no room is free among {set(rooms.ALLOWED) - done}")
            done.update(free)

    def test_an_allowed_arrow_passes(self):
        self.assertEqual([], self.complaints({
            "core/a.hpp": "#include <vector>\n", "ir/b.hpp": "#include <etch/core/a.hpp>\n",
            "kernels/c.hpp": '#include "etch/core/a.hpp"\n#include <xsimd/xsimd.hpp>\n'}))

    def test_a_stray_arrow_is_named(self):
        found = self.complaints({
            "core/a.hpp": "#include <etch/ir/b.hpp>\n", "ir/b.hpp": "#pragma once\n"})
        self.assertEqual(1, len(found))
        self.assertIn("etch/core/a.hpp: includes etch/ir/b.hpp", found[0])

    def test_a_relative_include_is_an_arrow_too(self):
        found = self.complaints({
            "core/a.hpp": '  # include "../ir/b.hpp"\n', "ir/b.hpp": "#pragma once\n"})
        self.assertEqual(1, len(found))

    def test_a_library_in_the_wrong_room_is_named(self):
        for text in ("#include <xsimd/xsimd.hpp>\n", "#include <Eigen/Core>\n",
                     "#include <boost/hana.hpp>\n", "#include <boost/optional.hpp>\n"):
            self.assertEqual(1, len(self.complaints({"ir/b.hpp": text})), text)

    def test_a_missing_header_and_an_unknown_room_are_named(self):
        self.assertIn("is not there", self.complaints({"ir/b.hpp": "#include <etch/ir/c.hpp>\n"})[0])
        self.assertIn("is no room", self.complaints({"attic/b.hpp": "\n"})[0])

    def test_a_circle_of_headers_is_named(self):
        found = self.complaints({"ir/a.hpp": '#include "b.hpp"\n', "ir/b.hpp": '#include "a.hpp"\n'})
        self.assertEqual(1, len(found))
        self.assertIn("circle", found[0])

    def test_a_stale_picture_is_refused_and_redrawn(self):
        include_dir = self.tree({
            "core/a.hpp": "\n", "ir/b.hpp": "#include <etch/core/a.hpp>\n",
            "README.md": f"before\n{rooms.BEGIN}\nold\n{rooms.END}\nafter\n"})
        readme = include_dir / "etch/README.md"
        drawn = rooms.picture(rooms.Includes(include_dir))
        self.assertIn("ir --> core", drawn)
        self.assertEqual(1, len(rooms.check_picture(readme, drawn, write=False)))
        self.assertEqual([], rooms.check_picture(readme, drawn, write=True))
        self.assertEqual([], rooms.check_picture(readme, drawn, write=False))
        self.assertTrue(readme.read_text().startswith("before\n"))
        self.assertTrue(readme.read_text().endswith("after\n"))


if __name__ == "__main__":
    unittest.main()
