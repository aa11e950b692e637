"""What training's scripts make of labelled text, and what they tell about mistakes; the standard library is enough."""

import pathlib
import random
import sys
import tempfile
import unittest

from glosswire import ROOT

sys.path.insert(0, str(ROOT / "training"))
import errors  # noqa: E402
import evaluate  # noqa: E402
import evaluate_sentiment  # noqa: E402
import prepare_names  # noqa: E402
from card import fill_card  # noqa: E402

BODY = "Ana Quispe went to Lima. The Bar Association of Peru said so! She left, e.g. for Ghana"
NAMES = ["Ana Quispe", "Lima", "Bar Association of Peru", "Ghana"]


def spans_in(body, names):
    return [(body.index(name), body.index(name) + len(name), "X") for name in names]


class Prepare(unittest.TestCase):
    def test_spoiling_keeps_names_where_they_are(self):
        spans, kinds = spans_in(BODY, NAMES), set()
        for seed in range(200):
            body, moved = prepare_names.spoil(BODY, spans, random.Random(seed))
            cuts = [body[start:end] for start, end, _ in moved]
            self.assertEqual([cut.lower() for cut in cuts], [name.lower() for name in NAMES])
            kinds.add("capitals" if "LIMA" in body else "title" if "Went" in body else "plain")
            kinds.add("stop" if "ima." in body.lower() else "no stop")
        self.assertEqual(kinds, {"capitals", "title", "plain", "stop", "no stop"})
        self.assertEqual(prepare_names.spoil(BODY, spans, random.Random(5)), prepare_names.spoil(BODY, spans, random.Random(5)))

    def test_a_stop_that_is_part_of_a_name_stays(self):
        body = "He lives in the U.S."
        for seed in range(100):
            spoiled, moved = prepare_names.spoil(body, [(16, 20, "LOC")], random.Random(seed))
            self.assertEqual(spoiled[moved[0][0]:moved[0][1]], "U.S.")

    def test_tokens_become_text_with_their_spans(self):
        sentence = [("``", "O"), ("No", "O"), (",", "O"), ("''", "O"), ("said", "O"), ("Ana", "B-PER"), ("Quispe", "I-PER"),
                    ("(", "O"), ("@ana", "B-PER"), (")", "O"), ("of", "O"), ("Lima", "B-LOC"), ("'s", "O"), ("court", "O")]
        body, spans = prepare_names.untokenise([sentence], "\n")
        self.assertEqual(body, "\"No,\" said Ana Quispe (@ana) of Lima's court")
        self.assertEqual([(body[s:e], kind) for s, e, kind in spans], [("Ana Quispe", "PER"), ("Lima", "LOC")])

    def test_peoples_have_a_type_of_their_own(self):
        demonyms = prepare_names.read_demonyms()
        self.assertIn("Peruvian", demonyms)
        spans = [(0, 8, "MISC"), (9, 13, "MISC"), (14, 22, "ORG")]
        self.assertEqual(prepare_names.name_peoples("Peruvian Uno! Peruvian", spans, demonyms),
                         [(0, 8, "NORP"), (9, 13, "MISC"), (14, 22, "ORG")])


class Mistakes(unittest.TestCase):
    def test_kinds(self):
        want = (10, 20, "Person")
        for have, kind in ((None, "Person missed"), ((10, 20, "Location"), "Person called Location"),
                           ((8, 20, "Person"), "Person too long"), ((10, 15, "Person"), "Person too short"),
                           ((5, 15, "Location"), "Person shifted and called Location")):
            self.assertEqual(errors.kind_of(want, have), kind)
        self.assertEqual(errors.kind_of(None, want), "Person where nothing is labelled")

    def test_overlapping_spans_are_one_mistake(self):
        want, have = {(0, 5, "Person"), (10, 15, "Person")}, {(0, 8, "Person"), (10, 15, "Person"), (20, 25, "Person")}
        self.assertEqual(list(errors.mistakes_of(want, have)),
                         [((0, 5, "Person"), (0, 8, "Person")), (None, (20, 25, "Person"))])


class Card(unittest.TestCase):
    def test_figures_go_between_the_marks(self):
        with tempfile.TemporaryDirectory() as folder:
            card = pathlib.Path(folder) / "card.md"
            marked = "# a\n\n<!-- figures: a.py -->\n{}<!-- end of figures -->\n\nz\n<!-- figures: b.py -->\n{}<!-- end of figures -->\n"
            card.write_text(marked.format("old\n", "old\n"), "utf-8")
            fill_card(card, "a.py", ["new", "figures"])
            self.assertEqual(card.read_text("utf-8"), marked.format("new\nfigures\n", "old\n"))
            fill_card(card, "b.py", ["more"])
            self.assertEqual(card.read_text("utf-8"), marked.format("new\nfigures\n", "more\n"))

    def test_every_card_has_the_marks_that_scripts_fill(self):
        scripts = ["training/evaluate.py", "training/sentiment/evaluate_sentiment.py", "training/sentiment/train_words.py"]
        for name, filled in (("en-news.md", scripts), ("en-news-open.md", scripts[:2])):
            card = (ROOT / "models" / name).read_text("utf-8")
            for script in filled:
                self.assertEqual(card.count(f"<!-- figures: {script} -->"), 1)
                self.assertTrue((ROOT / script).exists())

    def test_macro_f1_is_that_of_three_labels(self):
        pairs = [("negative", "negative"), ("neutral", "negative"), ("positive", "positive"), ("neutral", "neutral")]
        self.assertAlmostEqual(evaluate_sentiment.macro_f1(pairs), 100 * (2 / 3 + 1 + 2 / 3) / 3)

    def test_every_region_has_sources_of_its_own(self):
        sources = [source for region in evaluate.REGIONS for source in evaluate.sources_of(region)]
        self.assertEqual(len(sources), len(set(sources)))


if __name__ == "__main__":
    unittest.main()
