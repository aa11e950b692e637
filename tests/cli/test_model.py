"""glosswire model: the card, the tables, and what the tagger is told of a text."""

import json
import pathlib
import shutil
import tempfile
import unittest

from glosswire import ROOT, Case, run

MODELS = ROOT / "models"


class Model(Case):
    def test_the_card_is_the_one_beside_the_model(self):
        card = (MODELS / "en-news.md").read_text("utf-8")
        self.assertEqual(self.ok("model").out, card)
        self.assertEqual(self.ok("model", "card", "--model", MODELS / "en-news.gwm").out, card)

    def test_every_model_has_a_card_and_finds_names(self):
        models = list(MODELS.glob("*.gwm"))
        self.assertEqual({model.stem for model in models}, {"en-news", "en-news-open"})
        for model in models:
            self.assertTrue(self.ok("model", "-m", model).out.startswith(f"# {model.stem}\n"))
            article = '{"language":"en","body":"Ana Quispe, the mayor of Arequipa, met Toyota in Lima."}'
            record = json.loads(self.ok("annotate", "-m", model, "-i", "jsonl", "-o", "jsonl", "-", stdin=article).out)
            self.assertEqual(record["meta"]["model"], f"{model.stem}/1")
            found = {entity["name"]: entity["type"] for entity in record["entities"]}
            self.assertEqual(found, {"Ana Quispe": "PERSON", "Arequipa": "LOC", "Toyota": "ORG", "Lima": "LOC"})

    def test_a_model_without_a_card_still_shows_its_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "of.mine"
            shutil.copy(MODELS / "en-news.gwm", copy)
            result = run("model", "-m", copy)
            self.assertEqual((result.code, result.out), (3, ""))
            self.assertIn(f"{folder}/of.md", result.err)
            self.assertEqual(self.ok("model", "tables", "-m", copy).out, self.ok("model", "tables").out)

    def test_tables_are_those_of_the_file(self):
        lines = self.ok("model", "tables").out.splitlines()
        facts = dict(line.split() for line in lines[:3])
        record = json.loads(self.ok("annotate", "-o", "jsonl", "-", stdin="Lima.").out)
        self.assertEqual(facts["name"], "en-news/1")
        self.assertEqual(facts["hash"], record["meta"]["model_hash"])
        size = (MODELS / "en-news.gwm").stat().st_size
        self.assertEqual(int(facts["bytes"]), size)
        tables = {name: (int(records), int(bytes_)) for name, records, bytes_ in map(str.split, lines[5:])}
        self.assertIn("tag_words", tables)
        whole = sum(bytes_ for _, bytes_ in tables.values())
        self.assertTrue(size - 4096 < whole < size, (whole, size))

    def test_an_altered_file_is_refused(self):
        with tempfile.NamedTemporaryFile(suffix=".gwm") as altered:
            data = bytearray((MODELS / "en-news.gwm").read_bytes())
            data[len(data) // 2] ^= 1
            altered.write(data)
            altered.flush()
            result = run("model", "tables", "-m", altered.name)
            self.assertEqual((result.code, result.out), (3, ""))
            self.assertIn(f"{altered.name}: the content does not fit its hash", result.err)
            altered.truncate(1000)
            self.assertIn("its header says", run("model", "-m", altered.name).err)

    def test_features_are_of_what_may_be_a_name(self):
        lines = self.ok("model", "features", stdin="The mayor of Arequipa met Ana Quispe.").out.split("\n")
        tokens = [line.split("\t")[0] for line in lines]
        self.assertEqual(tokens, ["Arequipa", "", "Ana", "Quispe", "", ""])
        told = lines[3].split("\t")[1:]
        for feature in ("LEFT=ana", "SELF=quispe", "RIGHT=.", "RIGHT2=<end>", "RUN_FIRST=ana", "RUN_BEFORE=met"):
            self.assertIn(feature, told)
        self.assertTrue(any(feature.startswith("SHAPES=") for feature in told))
        self.assertTrue(all(len(feature) == 21 for feature in told if feature.startswith("pair=")))
        self.assertGreater(sum(feature.startswith("pair=") for feature in told), 4)

    def test_features_of_a_file(self):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as text:
            text.write("She flew to Łódź.\n")
            text.flush()
            self.assertTrue(self.ok("model", "features", text.name).out.splitlines()[0].startswith("Łódź\t"))
        self.assertEqual(self.ok("model", "features", stdin="").out, "")
        result = run("model", "features", "-", stdin=b"Lima \xff")
        self.assertEqual((result.code, result.out), (1, ""))
        self.assertIn("not UTF-8", result.err)

    def test_mistakes(self):
        for arguments, said in ([["poem"], "card, tables or features"], [["card", "x"], "only features"]):
            result = run("model", *arguments)
            self.assertEqual((result.code, result.out), (2, ""))
            self.assertIn(said, result.err)
        result = run("model", "features", "/nonexistent/text")
        self.assertEqual((result.code, result.out), (3, ""))
        self.assertIn("/nonexistent/text", result.err)


if __name__ == "__main__":
    unittest.main()
