"""glosswire bench: every stage is printed, beside its ceiling."""

import re
import unittest

from glosswire import EXAMPLES, Case, run

STAGES = ["decode", "text", "tagger", "entities", "sentiment", "document", "encode"]


class Bench(Case):
    def test_every_stage_is_printed(self):
        out = self.ok("bench", "--seconds", "0", EXAMPLES / "articles.jsonl").out
        rows = {m[1]: m for m in re.finditer(r"^(\S+) +(\d+\.\d\d) +(\d+\.\d) %( +\d+\.\d\d +\d+\.\d\d)?$", out, re.M)}
        for name in STAGES + ["other", "total", "text+tagger", "entities+document", "decode+other"]:
            self.assertIn(name, rows)
        self.assertGreater(float(rows["total"][2]), 0)
        self.assertRegex(out, r"^\d+ articles of .*, ready in \d+\.\d ms\n")
        self.assertIsNotNone(rows["total"][4])
        self.assertRegex(out, r"\n\d+\.\d MB/s, \d+ words/s, \d+ articles/s per core\n$")

    def test_bad_messages_are_counted(self):
        out = self.ok("bench", "-s", "0", "-i", "jsonl", "-", stdin='{"body":"Lima."}\n{}\n').out
        self.assertIn("1 messages are no articles", out)

    def test_without_articles(self):
        result = run("bench", "-i", "jsonl", "-")
        self.assertEqual((result.code, result.out), (3, ""))
        self.assertIn("no article", result.err)


if __name__ == "__main__":
    unittest.main()
