"""glosswire check: what is wrong, where, and what to write instead."""

import tempfile
import unittest

from glosswire import ROOT, Case, environment, run


class Check(Case):
    def check(self, text, *options, **changes):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write(text)
            config.flush()
            result = run("check", *options, config.name, env=environment(**changes))
            result.err = result.err.replace(config.name, "FILE")
            result.bytes = result.bytes.replace(config.name.encode(), b"FILE")
        return result

    def test_every_mistake_has_its_place(self):
        result = self.check("workers: many\nsource:\n  kafak:\n    brokers: x:1\nrecord:\n  offsets: bytes\n")
        self.assertEqual((result.code, result.out), (1, ""))
        lines = result.err.splitlines()
        self.assertRegex(lines[0], r"^FILE:1: workers: ")
        self.assertRegex(lines[1], r"^FILE:3: source.kafak: .*kafka")
        self.assertRegex(lines[2], r"^FILE:6: record.offsets: .*byte")

    def test_keys_are_listed(self):
        result = run("check", "--keys", "source.zeromq.")
        self.assertEqual(result.code, 0)
        self.assertIn("source.zeromq.bind", result.out)
        self.assertNotIn("source.kafka", result.out)
        result = run("check", "--keys", "nothing")
        self.assertEqual((result.code, result.out), (1, ""))

    def test_the_schema_is_the_one_in_the_reference(self):
        result = run("check", "--schema")
        schema = (ROOT / "docs/reference/config.schema.json").read_text("utf-8")
        self.assertEqual((result.code, result.out), (0, schema))

    def test_what_is_no_yaml(self):
        result = self.check("a: [1\nb: }")
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, r"^FILE:\d+: ")

    def test_a_gazetteer_with_mistakes(self):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as names:
            names.write("Oslo\tLOC\tO1\nBergen\tTOWN\tB1\n")
            names.flush()
            result = self.check(f"gazetteers: {names.name}\n")
            self.assertEqual(result.code, 1)
            self.assertRegex(result.err, rf"{names.name}:2: the second field is none of PERSON, ")
        result = self.check("gazetteers: not-there.tsv\n")
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, r"FILE: gazetteers: .*not-there.tsv: the gazetteer cannot be read")

    def test_a_model_that_is_none(self):
        result = self.check("model: /dev/null\n")
        self.assertEqual(result.code, 1)
        self.assertIn("FILE: model: ", result.err)

    def test_secrets_are_not_shown(self):
        config = ("source: {kafka: {brokers: \"x:1\", topics: [a], sasl_mechanism: PLAIN, username: u, password: \"${SECRET}\"}}\n"
                  "sink: {kafka: {brokers: \"x:1\", topic: b, sasl_mechanism: PLAIN, username: u, password: hunter2, "
                  "properties: {ssl.key.password: hunter3}}}\n")
        result = self.check(config, "--print", SECRET="hunter1")
        self.assertEqual(result.code, 0, result.err)
        self.assertNotIn("hunter", result.out)
        self.assertIn("password: \"********\"", result.out)
        self.assertIn("username: \"u\"", result.out)

    def test_brokers_that_do_not_answer(self):
        config = ("source: {kafka: {brokers: \"127.0.0.1:1\", topics: [a]}}\nsink: {file: {path: records.jsonl}}\n"
                  "dead_letters: {file: {path: dead.jsonl}}\n")
        self.assertEqual(self.check(config).code, 0)
        result = self.check(config, "--online")
        self.assertEqual((result.code, result.out), (1, ""))
        self.assertRegex(result.err, r"^FILE: source.kafka: 127.0.0.1:1 does not answer ")

    def test_without_a_file(self):
        self.assertEqual(self.ok("check").out, "the embedded configuration: fine\n")
        self.assertIn("tcp://127.0.0.1:5555", self.ok("check", "--print").out)

    def test_a_file_that_is_not_there(self):
        result = run("check", "no-such.yaml")
        self.assertEqual((result.code, result.out), (1, ""))
        self.assertIn("no-such.yaml", result.err)


if __name__ == "__main__":
    unittest.main()
