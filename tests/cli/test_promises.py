"""docs/delivery.md names the tests of each promise: they must be there."""

import re
import unittest

from glosswire import ROOT

# `file.py`, or `file.py`: `test_one`, `test_two`
NAMED = re.compile(r"`([\w/]+\.(?:py|c))`(?:: ((?:`\w+`(?:, )?)+))?")


def named_tests():
    """(file, test or None), for all that the tables name."""
    text = (ROOT / "docs" / "delivery.md").read_text("utf-8")
    table = text[text.index("## How this is tested"):]
    for name, tests in NAMED.findall(table):
        path = ROOT / name if "/" in name else ROOT / "tests" / "system" / name
        yield path, None
        for test in re.findall(r"`(\w+)`", tests):
            yield path, test


class Promises(unittest.TestCase):
    def test_every_named_test_is_there(self):
        found = list(named_tests())
        self.assertGreater(len(found), 60)
        for path, test in found:
            self.assertTrue(path.is_file(), path)
            if test:
                self.assertRegex(path.read_text("utf-8"), rf"\b(def|void) {test}\b", f"{path.name} has no {test}")


if __name__ == "__main__":
    unittest.main()
