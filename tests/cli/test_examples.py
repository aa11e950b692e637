"""The examples work as they stand."""

import json
import pathlib
import py_compile
import shutil
import tempfile
import unittest

from glosswire import EXAMPLES, Case, run

CONFIGS = sorted(EXAMPLES.glob("*.yaml"))


class Examples(Case):
    def test_configs_are_fine(self):
        self.assertGreaterEqual(len(CONFIGS), 4)
        for config in CONFIGS:
            self.assertEqual(self.ok("check", config).out, f"{config}: fine\n")

    def test_what_is_in_effect_says_the_same(self):
        for config in CONFIGS:
            printed = self.ok("check", "--print", config).out
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as copy:
                copy.write(printed)
                copy.flush()
                self.assertEqual(self.ok("check", "--print", copy.name).out, printed)

    def test_the_embedded_default_is_spelled_out(self):
        ours = self.ok("check", "--print", EXAMPLES / "embedded.yaml").out
        default = self.ok("check", "--print").out
        drop = ("workers:", "run_dir:", "state_dir:")
        self.assertEqual([line for line in ours.splitlines() if not line.startswith(drop)],
                         [line for line in default.splitlines() if not line.startswith(drop)])

    def test_files_to_files(self):
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            for name in ("files.yaml", "articles.jsonl"):
                shutil.copy(EXAMPLES / name, directory)
            first = run("run", "-c", directory / "files.yaml")
            self.assertEqual(first.code, 0, first.err)
            ids = [json.loads(line)["id"] for line in (directory / "records.jsonl").read_text("utf-8").splitlines()]
            self.assertEqual(len(ids), len((EXAMPLES / "articles.jsonl").read_text("utf-8").splitlines()))
            # Run again, it finds everything done.
            again = run("run", "-c", directory / "files.yaml")
            self.assertEqual(again.code, 0, again.err)
            self.assertEqual(len((directory / "records.jsonl").read_text("utf-8").splitlines()), len(ids))

    def test_scripts_compile(self):
        for script in EXAMPLES.glob("*.py"):
            with tempfile.NamedTemporaryFile(suffix=".pyc") as compiled:
                py_compile.compile(str(script), cfile=compiled.name, doraise=True)


if __name__ == "__main__":
    unittest.main()
