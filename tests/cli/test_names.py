"""What the released model finds in sentences written for this project: golden/names.txt."""

import json
import re
import unittest

from glosswire import ROOT, Case

GOLDEN = ROOT / "tests" / "cli" / "golden" / "names.txt"
MARKED = re.compile(r"\[([A-Z]+) ([^\]]+)\]")


def read_lines():
    lines = GOLDEN.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def plain(line):
    return MARKED.sub(lambda mark: mark.group(2), line)


def mark(text, record):
    """The text as the golden file has it, from what was found."""
    spans = [(mention["start"], mention["end"], entity["type"])
             for entity in record["entities"] for mention in entity["mentions"]]
    for start, end, kind in sorted(spans, reverse=True):
        text = f"{text[:start]}[{kind} {text[start:end]}]{text[end:]}"
    return text


class Names(Case):
    def test_golden_sentences(self):
        lines = read_lines()
        articles = [{"id": str(i), "language": "en", "body": plain(line)} for i, line in enumerate(lines)]
        out = self.ok("annotate", "-i", "jsonl", "-o", "jsonl", "-",
                      stdin="".join(json.dumps(article) + "\n" for article in articles)).out
        found = [mark(article["body"], json.loads(record)) for article, record in zip(articles, out.splitlines())]
        self.assertGreater(len(lines), 40)
        self.assertEqual("\n".join(found), "\n".join(lines))


if __name__ == "__main__":
    unittest.main()
