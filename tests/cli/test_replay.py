"""glosswire replay of a file's dead letters into running glosswires."""

import json
import pathlib
import unittest

from glosswire import Case, run
from test_send import Instance

HTML = '{"id": "bad-1", "title": "Ferry", "body": 17}'


class Replay(Case):
    def feed(self, instance, *payloads):
        result = run("send", "-q", "-a", "-t", instance.endpoint, "-i", "jsonl", stdin="\n".join(payloads))
        self.assertEqual(result.code, 1, result.err)

    def replay(self, instance, *options):
        path = pathlib.Path(instance.directory.name)
        return run("replay", "--acked", "--to", instance.endpoint, path / "dead.jsonl", *options)

    def letters(self, instance):
        path = pathlib.Path(instance.directory.name, "dead.jsonl")
        return [json.loads(line) for line in path.read_text().splitlines()]

    def test_each_goes_once(self):
        with Instance("acked") as instance:
            self.feed(instance, HTML, '{"id": "bad-2"}')
            dry = self.replay(instance, "--dry-run")
            self.assertEqual((dry.code, dry.err), (0, "2 dead letters to replay\n"))
            # They are no better than before: each becomes a new dead letter, which does not go in the same run.
            first = self.replay(instance)
            self.assertEqual((first.code, first.err), (1, "2 dead letters replayed, 2 of them dead letters again\n"))
            letters = self.letters(instance)
            self.assertEqual(len(letters), 4)
            self.assertEqual([each["payload"] for each in letters[2:]], [each["payload"] for each in letters[:2]])
            self.assertEqual(len({each["position"] for each in letters}), 4)
            second = self.replay(instance, "--reason", "missing_field")
            self.assertEqual(second.err, "1 dead letters replayed, 1 of them dead letters again, 1 replayed before, "
                                         "2 left out by --reason\n")
            self.assertEqual(len(self.letters(instance)), 5)

    def test_what_was_repaired_becomes_records(self):
        """Letters of one instance go to another, whose limit is as it should have been."""
        with Instance("acked") as strict, Instance("acked") as lax:
            self.feed(strict, '{"id": "bad-1", "body": 5}')
            path = pathlib.Path(strict.directory.name, "dead.jsonl")
            letter = json.loads(path.read_text())
            letter["payload"] = {"$bin": "eyJpZCI6ICJnb29kIiwgImJvZHkiOiAiTGltYS4ifQ=="}
            letter["headers"] = [{"name": "traceparent", "value": "00-1"}, {"name": "gw-position", "value": "hub:1/2"}]
            letter["key"] = "the key"
            other = dict(letter, position="acked:other/1", cut=True)
            nameless = dict(letter, position=None)
            path.write_text("".join(json.dumps(each) + "\n" for each in (letter, letter, other, nameless)) + '{"a": 1}\n')
            result = run("replay", "-a", "-t", lax.endpoint, path)
            self.assertEqual(result.code, 1)
            self.assertIn("1 dead letters replayed, 1 replayed before, 1 not whole, 1 without a position, 1 malformed\n",
                          result.err)
            self.assertIn("dead.jsonl:5: bad_value: this is no dead letter", result.err)
            self.assertEqual(lax.drain(), ["good"])

    def test_what_is_in_doubt_stays_until_told(self):
        with Instance("acked") as instance:
            self.feed(instance, HTML)
            position = self.letters(instance)[0]["position"]
            pathlib.Path(instance.directory.name, "dead.jsonl.replayed").write_text(f"+ {position}\n")
            result = self.replay(instance)
            self.assertEqual((result.code, result.err), (1, "0 dead letters replayed, 1 in doubt (--in-doubt)\n"))
            result = self.replay(instance, "--in-doubt", "send")
            self.assertEqual(result.err, "1 dead letters replayed, 1 of them dead letters again\n")

    def test_nobody_listens(self):
        with Instance("acked") as instance:
            self.feed(instance, HTML)
            instance.drain()
            result = self.replay(instance, "--timeout", "1")
            self.assertEqual(result.code, 4)
            self.assertIn("nobody takes dead letters there in time", result.err)
            self.assertIn("1 in doubt", result.err)

    def test_mistakes(self):
        for arguments, said in (([], "name the dead letters"), (["x.jsonl"], "name where they go"),
                                (["-l", "topic"], "--dead-letters goes with --kafka"),
                                (["-l", "topic", "-k", "b:1", "x.jsonl"], "not with files")):
            result = run("replay", *arguments)
            self.assertEqual((result.code, result.out), (2, ""), arguments)
            self.assertIn(said, result.err)


if __name__ == "__main__":
    unittest.main()
