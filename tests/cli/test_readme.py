"""What the README shows is what the program says."""

import json
import re
import tempfile
import unittest

from glosswire import EXAMPLES, ROOT, Case

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def holds(shown, real):
    """The README leaves fields and items out, but shows none that is different."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(key in real and holds(shown[key], real[key]) for key in shown)
    if isinstance(shown, list):
        return isinstance(real, list) and all(any(holds(item, other) for other in real) for item in shown)
    return shown == real


class Readme(Case):
    def test_the_record(self):
        (shown,) = (json.loads(block) for block in blocks("json"))
        lines = (EXAMPLES / "articles.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (article,) = (line for line in lines if f'"{shown["id"]}"' in line)
        real = json.loads(self.ok("annotate", "--input", "jsonl", "--output", "jsonl", stdin=article).out)
        for key in shown:
            self.assertTrue(holds(shown[key], real[key]), f"{key}: {real[key]}")

    def test_the_configuration(self):
        (config,) = blocks("yaml")
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(config)
            file.flush()
            self.assertEqual(self.ok("check", file.name).out, f"{file.name}: fine\n")

    def test_no_link_is_dead(self):
        for target in re.findall(r"\]\(([^)#:]+)\)", README):
            self.assertTrue((ROOT / target).exists(), target)


if __name__ == "__main__":
    unittest.main()
