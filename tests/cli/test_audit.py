"""glosswire audit over files: the equation holds, or the exit code and the list say what is missing."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from glosswire import PROGRAM, Case, environment, run

COUNT = 50


class Audit(Case):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.scratch.name)
        articles = [json.dumps({"id": f"a-{n}", "body": "Lima."}) for n in range(COUNT)] + ['{"body": 5}']
        (self.path / "in.jsonl").write_text("".join(line + "\n" for line in articles))
        (self.path / "glosswire.yaml").write_text(
            "source: {file: {paths: [in.jsonl]}}\nsink: {file: {path: records.jsonl}}\n"
            "dead_letters: {file: {path: dead.jsonl}}\nworkers: 1\nstate_dir: state\nrun_dir: run\n")
        subprocess.run([PROGRAM, "run", "-c", "glosswire.yaml"], cwd=self.path, env=environment(), check=True,
                       capture_output=True, timeout=120)

    def tearDown(self):
        self.scratch.cleanup()

    def audit(self, *arguments):
        return run("audit", *arguments, cwd=self.path)

    def files(self, *more):
        return self.audit("--in", "in.jsonl", "--records", "records.jsonl", "--dead-letters", "dead.jsonl", *more)

    def change_positions(self, change):
        path = self.path / "records.jsonl.positions"
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(change(lines)))

    def test_a_run_holds(self):
        for result in (self.audit("-c", "glosswire.yaml"), self.files(), self.files("--once")):
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertRegex(result.out, rf"in +{COUNT + 1}\nrecords +{COUNT}\ndead letters +1\nskipped +0\n")
            self.assertIn(": holds\n", result.out)

    def test_a_missing_one_is_named(self):
        lost = []

        def drop(lines):
            name = lines.pop(7).split("\t")[0]
            lost.append(name.replace("file:./", f"file:{self.path.resolve()}/"))
            return lines
        self.change_positions(drop)
        result = self.files()
        self.assertEqual((result.code, result.err), (1, ""))
        self.assertIn(f"missing                1\n    {lost[0]}\n", result.out)
        self.assertIn(": does not hold\n", result.out)
        found = json.loads(self.files("-o", "json").out)
        self.assertEqual((found["in"], found["records"], found["missing"], found["holds"]), (COUNT + 1, COUNT - 1, 1, False))
        self.assertEqual(found["positions"]["missing"], lost)

    def test_repeats_fail_only_where_they_must_not_be(self):
        self.change_positions(lambda lines: lines + lines[-1:])
        self.assertEqual(self.files().code, 0)
        once = self.files("--once")
        self.assertEqual(once.code, 1)
        self.assertRegex(once.out, r"redelivered +1\n    file:/.*/in\.jsonl/")

    def test_two_outcomes_conflict(self):
        line = (self.path / "records.jsonl.positions").read_text().splitlines()[3]
        with open(self.path / "dead.jsonl.positions", "a") as letters:
            letters.write(line.split("\t")[0] + "\t1\n")
        result = self.files()
        self.assertEqual(result.code, 1)
        self.assertRegex(result.out, r"conflicting +1\n    file:/.*/in\.jsonl/")

    def test_lists_are_sides_too(self):
        (self.path / "fed.positions").write_text("acked:s/1\nacked:s/2\nacked:s/3\n")
        (self.path / "found.positions").write_text("-\t0\nacked:s/1\t10\nacked:s/3\t10\ttombstone\nacked:s/2\t30\nacked:s/9")
        result = self.audit("--in", "fed.positions", "--records", "found.positions")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertRegex(result.out, r"in +3\nrecords +2\ndead letters +0\nskipped +1\n")

    def test_a_file_that_was_cut_is_told(self):
        with open(self.path / "records.jsonl", "r+") as records:
            records.truncate(100)
        result = self.files()
        self.assertEqual(result.code, 3)
        self.assertIn("records.jsonl has 100 bytes but records.jsonl.positions vouches for", result.err)

    def test_mistakes(self):
        for arguments, said in ((["--in", "in.jsonl"], "--records"), (["--in", "kafka:a", "--records", "kafka:b"], "--kafka"),
                                (["--range", "5"], "FROM:TO"), (["--range", "5:4"], "FROM:TO"),
                                (["--range", "0=1:2,x"], "FROM:TO")):
            result = self.audit(*arguments)
            self.assertEqual((result.code, result.out), (2, ""), arguments)
            self.assertIn(said, result.err)
        result = self.audit("--in", "none.jsonl", "--records", "records.jsonl")
        self.assertEqual(result.code, 3)
        self.assertIn("none.jsonl", result.err)
        (self.path / "bad.positions").write_text("acked:s/1\nnonsense\n")
        result = self.audit("--in", "bad.positions", "--records", "records.jsonl")
        self.assertIn('bad.positions:2: "nonsense" is no position', result.err)


if __name__ == "__main__":
    unittest.main()
