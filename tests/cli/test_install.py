"""What `cmake --install` puts in place works from there."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from glosswire import PROGRAM, Case, environment

BUILD = pathlib.Path(PROGRAM).resolve().parent


@unittest.skipUnless((BUILD / "cmake_install.cmake").exists() and shutil.which("cmake"), "not beside a build's files")
class Install(Case):
    def test_the_installed_program_finds_its_model(self):
        with tempfile.TemporaryDirectory() as prefix:
            done = subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], capture_output=True, text=True,
                                  timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            env = {k: v for k, v in environment().items() if k != "GLOSSWIRE_MODEL"}
            program = pathlib.Path(prefix) / "bin" / "glosswire"
            found = subprocess.run([program, "annotate", "-o", "jsonl", "-"], input=b"Lima.", capture_output=True,
                                   env=env, timeout=60)
            self.assertEqual((found.returncode, found.stderr), (0, b""))
            share = pathlib.Path(prefix) / "share"
            for path in ("glosswire/models/en-news.gwm", "glosswire/models/en-news.md",
                         "glosswire/models/en-news-open.gwm", "glosswire/models/en-news-open.md",
                         "bash-completion/completions/glosswire", "doc/glosswire/examples/embedded.yaml"):
                self.assertTrue((share / path).exists(), path)
            unit = (pathlib.Path(prefix) / "lib/systemd/system/glosswire.service").read_text()
            self.assertNotIn("@CMAKE", unit)


if __name__ == "__main__":
    unittest.main()
