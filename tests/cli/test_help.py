"""Help, the pages made from its tables, and mistakes on the command line."""

import subprocess
import unittest

from glosswire import ROOT, Case, run

GOLDEN = ROOT / "tests" / "cli" / "golden"
COMMANDS = ["run", "annotate", "send", "tail", "check", "audit", "replay", "bench", "model", "schema", "help", "version"]


class Help(Case):
    def test_golden_pages(self):
        """Made by `glosswire --help > tests/cli/golden/glosswire.txt`, and so on."""
        self.assertEqual(self.ok("--help").out, (GOLDEN / "glosswire.txt").read_text("utf-8"))
        self.assertEqual(self.ok("annotate", "--help").out, (GOLDEN / "annotate.txt").read_text("utf-8"))

    def test_every_command_teaches(self):
        overview = self.ok("--help").out
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", overview)
            page = self.ok(command, "--help").out
            self.assertIn("\nExamples:\n", page)
            self.assertTrue(page.startswith(f"glosswire {command}: "))
            self.assertEqual(self.ok("help", command).out, page)
            lines = [line for line in page.splitlines() if not line.startswith("  glosswire")]
            self.assertLessEqual(max(map(len, lines)), 90)
        self.assertNotIn("child", overview)

    def test_made_pages_are_fresh(self):
        for form, path in (("markdown", "docs/reference/cli.md"), ("manual", "docs/man/glosswire.1.scd"),
                           ("bash", "packaging/glosswire.bash")):
            self.assertEqual((ROOT / path).read_text("utf-8"), self.ok("help", "-o", form).out,
                             f"stale: glosswire help -o {form} > {path}")

    def test_completion_is_bash(self):
        script = self.ok("help", "-o", "bash").out
        script += ('COMP_WORDS=(glosswire annotate --output js); COMP_CWORD=3; _glosswire; echo "${COMPREPLY[@]}"\n'
                   'COMP_WORDS=(glosswire ann); COMP_CWORD=1; _glosswire; echo "${COMPREPLY[@]}"\n'
                   'COMP_WORDS=(glosswire send --ac); COMP_CWORD=2; _glosswire; echo "${COMPREPLY[@]}"\n')
        out = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual((out.stdout, out.stderr), ("json jsonl\nannotate\n--acked\n", ""))

    def test_version(self):
        out = self.ok("version").out
        self.assertRegex(out, r"^glosswire \d+\.\d+\.\d+ \(")
        self.assertIn("librdkafka", out)
        self.assertEqual(self.ok("--version").out, out)

    def test_mistakes(self):
        for arguments, said in ([["anotate"], "did you mean annotate?"], [["xyzzy"], "no command 'xyzzy'"],
                                [["help", "xyzzy"], "no page about 'xyzzy'"],
                                [["annotate", "--colour=never"], "did you mean --color?"]):
            result = run(*arguments)
            self.assertEqual((result.code, result.out), (2, ""))
            self.assertIn(said, result.err)
        self.assertEqual(run().code, 2)

    def test_child_is_not_for_people(self):
        result = run("child", "worker", ".", "0")
        self.assertNotEqual(result.code, 0)
        self.assertNotEqual(result.err, "")


if __name__ == "__main__":
    unittest.main()
