"""Running the program under test, $GW_BIN, for tests of its commands."""

import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("GW_BIN", str(ROOT / "build" / "glosswire"))
EXAMPLES = ROOT / "examples"

# What a user's environment may change about the output.
FIXED = {"COLUMNS": "100", "LC_ALL": "C.UTF-8", "GLOSSWIRE_MODEL": str(ROOT / "models" / "en-news.gwm")}


class Result:
    def __init__(self, completed):
        self.code = completed.returncode
        self.bytes = completed.stdout
        self.err = completed.stderr.decode("utf-8")

    @property
    def out(self):
        return self.bytes.decode("utf-8")


def environment(**changes):
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    return {**env, **FIXED, **changes}


def run(*arguments, stdin=b"", env=None, cwd=None):
    """Runs `glosswire ARGUMENT…` to its end."""
    if isinstance(stdin, str):
        stdin = stdin.encode("utf-8")
    command = [PROGRAM, *(str(argument) for argument in arguments)]
    return Result(subprocess.run(command, input=stdin, capture_output=True, timeout=120,
                                 env=env or environment(), cwd=cwd))


class Case(unittest.TestCase):
    maxDiff = None

    def ok(self, *arguments, **options):
        result = run(*arguments, **options)
        self.assertEqual((result.code, result.err), (0, ""))
        return result
