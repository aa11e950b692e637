"""glosswire send, into a running glosswire: plain and acked, and into nobody's ears."""

import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import unittest

from glosswire import EXAMPLES, PROGRAM, Case, environment, run


def free_endpoint():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


class Instance:
    """`glosswire run` from a ZeroMQ source to a file of records; ends when the block does."""

    def __init__(self, pattern):
        self.directory = tempfile.TemporaryDirectory()
        self.endpoint = free_endpoint()
        path = pathlib.Path(self.directory.name)
        self.records = path / "records.jsonl"
        self.config = path / "glosswire.yaml"
        self.config.write_text(
            f"source: {{zeromq: {{pattern: {pattern}, bind: [\"{self.endpoint}\"]}}}}\n"
            f"sink: {{file: {{path: records.jsonl}}}}\ndead_letters: {{file: {{path: dead.jsonl}}}}\n"
            f"workers: 1\nstate_dir: state\nrun_dir: run\ndrain_timeout: 10s\n")

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "run", "-c", str(self.config)], env=environment(),
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "msg=ready" in line:
                return self
        raise AssertionError("glosswire did not become ready")

    def drain(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)
        return [json.loads(line)["id"] for line in self.records.read_text("utf-8").splitlines()]

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=60)
        self.directory.cleanup()


class Send(Case):
    def test_articles_arrive(self):
        ids = [f"a-{n}" for n in range(300)]
        text = "".join(json.dumps({"id": i, "body": "Lima."}) + "\n" for i in ids)
        for pattern, options in (("pull", []), ("acked", ["--acked"])):
            with Instance(pattern) as instance:
                result = run("send", "-i", "jsonl", "--to", instance.endpoint, *options, stdin=text)
                self.assertEqual((result.code, result.out), (0, ""), result.err)
                self.assertIn(f"300 sent to {instance.endpoint}", result.err)
                self.assertEqual(sorted(instance.drain()), sorted(ids))

    def test_answers_are_counted(self):
        with Instance("acked") as instance:
            result = run("send", "-a", "-t", instance.endpoint, "-i", "jsonl",
                         stdin='{"body":"Lima."}\n{"body":5}\n')
        self.assertEqual(result.code, 1, "a dead letter is no success")
        self.assertIn("2 sent", result.err)
        self.assertIn("1 of them dead letters, 0 failed", result.err)

    def test_texts_are_sent_as_texts(self):
        with Instance("acked") as instance:
            self.assertEqual(run("send", "-q", "-a", "-t", instance.endpoint, EXAMPLES / "article.txt").code, 0)
            self.assertEqual(len(instance.drain()), 1)

    def test_nobody_listens(self):
        for options in ([], ["--acked"]):
            endpoint = free_endpoint()
            result = run("send", "--timeout", "1", "--to", endpoint, *options, stdin="Lima.")
            self.assertEqual(result.code, 4)
            self.assertIn(f"{endpoint}: nobody takes articles here", result.err)

    def test_kafka_properties_are_passed_on(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "kafka.properties")
            path.write_text("# as clients of Kafka write it\n\n security.protocol = sasl_ssl \nsasl.mechanism=PLAIN\n")
            to = ["--kafka", "localhost:1", "--topic", "t", "--properties", path]
            for more, said in ((["-X", "no.such.key=1"], "no.such.key"), (["-X", "linger.ms=soon"], "linger.ms"),
                               (["-X", "linger.ms"], "-X takes KEY=VALUE")):
                result = run("send", *to, *more, stdin="x")
                self.assertIn(result.code, (2, 3))
                self.assertIn(said, result.err)
            path.write_text("linger.ms=5\nsecret without a sign\n")
            result = run("send", *to, stdin="x")
            self.assertEqual(result.code, 3)
            self.assertIn("kafka.properties:2: a property is written KEY=VALUE", result.err)
            self.assertNotIn("secret", result.err)

    def test_usage(self):
        for options in (["--kafka", "localhost:1"], ["--timeout", "0"]):
            result = run("send", *options, stdin="x")
            self.assertEqual((result.code, result.out), (2, ""))
        result = run("send", "--to", "nonsense", stdin="x")
        self.assertEqual(result.code, 3)
        self.assertIn("nonsense", result.err)


if __name__ == "__main__":
    unittest.main()
