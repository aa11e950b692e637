"""glosswire tail: records of files and of a running glosswire."""

import json
import re
import socket
import subprocess
import tempfile
import unittest

from glosswire import EXAMPLES, PROGRAM, Case, environment, run


def free_endpoint():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


class Files(Case):
    def setUp(self):
        self.packed = tempfile.NamedTemporaryFile(suffix=".msgpack")
        self.addCleanup(self.packed.close)
        self.packed.write(self.ok("annotate", "-o", "msgpack", EXAMPLES / "articles.jsonl").bytes)
        self.packed.flush()
        self.lines = self.ok("annotate", "-o", "jsonl", EXAMPLES / "articles.jsonl").out

    def test_one_line_per_record(self):
        out = self.ok("tail", self.packed.name).out
        ids = [json.loads(line)["id"] for line in self.lines.splitlines()]
        rows = out.splitlines()
        self.assertEqual([row.split()[0].rstrip("…") in i for row, i in zip(rows, ids)], [True] * len(ids))
        self.assertLessEqual(max(map(len, rows)), 100)
        self.assertIn("Portugal", rows[0])

    def test_forms(self):
        self.assertEqual(self.ok("tail", "-o", "jsonl", self.packed.name).out, self.lines)
        self.assertEqual(self.ok("tail", "-o", "jsonl", "-i", "jsonl", "-", stdin=self.lines).out, self.lines)
        self.assertEqual(json.loads(self.ok("tail", "-o", "json", "-n", "1", self.packed.name).out),
                         json.loads(self.lines.splitlines()[0]))
        with open(self.packed.name, "rb") as packed:
            self.assertEqual(self.ok("tail", "-o", "msgpack", self.packed.name).bytes, packed.read())

    def test_count(self):
        self.assertEqual(len(self.ok("tail", "-n", "3", self.packed.name).out.splitlines()), 3)

    def test_what_is_no_record(self):
        result = run("tail", "-i", "jsonl", "-", stdin='{"a":1}\n{oops\n{"schema":"glosswire.dead_letter/1",'
                     '"reason":"too_deep","detail":"d\\u001b[2J","position":"hub:1/2"}\n')
        self.assertEqual(result.code, 1)
        self.assertEqual(result.out, "dead letter: too_deep: d␛[2J (hub:1/2)\n")
        self.assertIn("<stdin>:1: bad_value: this is neither a record nor a dead letter", result.err)
        self.assertRegex(result.err, "(?m)^<stdin>:2: malformed: ")

    def test_articles_are_no_records(self):
        result = run("tail", EXAMPLES / "articles.jsonl")
        self.assertEqual((result.code, result.out), (1, ""))

    def test_hostile_records(self):
        record = {"schema": "glosswire.record/9", "id": "\u001b]0;x\u0007", "language": "\n\n", "entities": 7,
                  "sentiment": {"score": 1e300}}
        out = self.ok("tail", "-i", "jsonl", "-", stdin=json.dumps(record)).out
        self.assertEqual(len(out.splitlines()), 1)
        self.assertIsNone(re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", out))


class Live(Case):
    def test_a_running_glosswire(self):
        for pattern, options in (("push", []), ("pub", ["--sub", "records"])):
            source, sink = free_endpoint(), free_endpoint()
            with tempfile.TemporaryDirectory() as directory:
                config = f"{directory}/glosswire.yaml"
                with open(config, "w") as file:
                    file.write(f"source: {{zeromq: {{pattern: acked, bind: [\"{source}\"]}}}}\n"
                               f"sink: {{zeromq: {{pattern: {pattern}, bind: [\"{sink}\"]}}}}\n"
                               "workers: 1\nstate_dir: state\nrun_dir: run\ndrain_timeout: 1s\n")
                glosswire = subprocess.Popen([PROGRAM, "run", "-c", config], env=environment(),
                                             stderr=subprocess.PIPE, text=True)
                try:
                    next(line for line in glosswire.stderr if "msg=ready" in line)
                    tail = subprocess.Popen([PROGRAM, "tail", "--from", sink, "-o", "jsonl", *options],
                                            env=environment(), stdout=subprocess.PIPE, text=True)
                    # A PUB sink's subscriber misses what was published before it joined: feed until one arrives.
                    feed = subprocess.Popen(
                        ["sh", "-c", 'for i in $(seq 100); do echo \'{"id":"a","body":"Lima."}\' | '
                         '"$0" send -q -i jsonl -a -t "$1"; done', PROGRAM, source], env=environment())
                    self.assertEqual(json.loads(tail.stdout.readline())["id"], "a")
                    for process in (feed, tail):
                        process.kill()
                        process.wait()
                    tail.stdout.close()
                finally:
                    glosswire.terminate()
                    glosswire.communicate(timeout=60)

    def test_nothing_comes(self):
        result = run("tail", "--from", free_endpoint(), "--timeout", "1", "-n", "2")
        self.assertEqual((result.code, result.out), (4, ""))
        self.assertIn("only 0 of 2 records", result.err)
        self.ok("tail", "--from", free_endpoint(), "--timeout", "1")


if __name__ == "__main__":
    unittest.main()
