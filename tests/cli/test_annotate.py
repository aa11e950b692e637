"""glosswire annotate: the contract that scripts rely on, and what people see."""

import base64
import hashlib
import html.parser
import json
import os
import pty
import re
import subprocess
import tempfile
import unittest

from glosswire import EXAMPLES, PROGRAM, Case, environment, run


def article(n, **fields):
    return json.dumps({"id": f"a-{n}", "body": f"Number {n}: ministers in Lima praised the deal."} | fields)


class Records(Case):
    def records(self, text, *arguments):
        result = self.ok("annotate", "--input", "jsonl", "--output", "jsonl", *arguments, stdin=text)
        return [json.loads(line) for line in result.out.splitlines()]

    def test_one_record_per_article_in_order(self):
        text = "".join(article(n) + "\n" for n in range(500))
        self.assertEqual([record["id"] for record in self.records(text)], [f"a-{n}" for n in range(500)])

    def test_ids_are_verbatim(self):
        ids = ["", " ", "ä\u0000\n\"", "日本", "x" * 900, "1.0"]
        given = [i for i in ids if i]
        records = self.records("".join(article(0, id=i) + "\n" for i in given))
        self.assertEqual([record["id"] for record in records], given)

    def test_targets_keep_their_order(self):
        body = "Lima thanked Quito. Bogotá attacked Lima."
        spans = [{"start": 20, "end": 26}, {"start": 0, "end": 4}, {"start": 13, "end": 18}]
        record = self.records(article(1, body=body, targets=spans))[0]
        self.assertEqual([body[t["start"]:t["end"]] for t in record["targets"]], ["Bogotá", "Lima", "Quito"])
        for target in record["targets"]:
            self.assertEqual(sorted(target["sentiment"]), ["confidence", "label", "score"])

    def test_examples(self):
        articles = [json.loads(line) for line in (EXAMPLES / "articles.jsonl").read_text("utf-8").splitlines()]
        records = self.records((EXAMPLES / "articles.jsonl").read_bytes())
        self.assertGreaterEqual(len(articles), 12)
        self.assertEqual(len(records), len(articles))
        for given, record in zip(articles, records):
            if "id" in given:
                self.assertEqual(record["id"], given["id"])
            texts = {"body": record["article"]["body"], "title": record["article"]["title"]}
            mentions = [mention for entity in record["entities"] for mention in entity["mentions"]]
            for span in mentions + record["values"] + record["markers"]:
                cut = texts[span.get("field", "body")][span["start"]:span["end"]]
                self.assertEqual(cut, span["text"])
            self.assertEqual(len(record["targets"]), len(given.get("targets", [])))

    def test_forms_agree(self):
        path = EXAMPLES / "articles.jsonl"
        lines = self.ok("annotate", "-o", "jsonl", path).out
        pretty = self.ok("annotate", "--json", path).out
        decoder, at, objects = json.JSONDecoder(), 0, []
        while at < len(pretty):
            value, at = decoder.raw_decode(pretty, at)
            objects.append(value)
            at += 1
        self.assertEqual(objects, [json.loads(line) for line in lines.splitlines()])
        packed = self.ok("annotate", "-o", "msgpack", path).bytes
        self.assertEqual(packed.count(b"\xa6schema\xb2glosswire.record/1"), len(objects))

    def test_the_same_input_gives_the_same_bytes(self):
        path = EXAMPLES / "articles.jsonl"
        self.assertEqual(self.ok("annotate", "-o", "msgpack", path).bytes,
                         self.ok("annotate", "-o", "msgpack", path).bytes)

    def test_config_changes_the_record(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write("record:\n  offsets: byte\n  body: false\n")
            config.flush()
            record = self.records(article(1, body="Ääh, Lima."), "-c", config.name)[0]
        self.assertEqual(record["offsets"], "byte")
        self.assertNotIn("body", record["article"])

    def test_records_come_while_the_input_is_open(self):
        process = subprocess.Popen([PROGRAM, "annotate", "-i", "jsonl", "-o", "jsonl"], env=environment(),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for n in range(3):
            process.stdin.write(article(n).encode() + b"\n")
            process.stdin.flush()
            self.assertEqual(json.loads(process.stdout.readline())["id"], f"a-{n}")
        process.stdin.close()
        self.assertEqual(process.wait(60), 0)
        process.stdout.close()


class Mistakes(Case):
    def test_a_bad_line_does_not_stop_the_others(self):
        text = article(1) + "\n{\"body\": oops}\n\n" + article(2) + "\n[1]\n" + article(3)
        result = run("annotate", "-i", "jsonl", "-o", "jsonl", stdin=text)
        self.assertEqual(result.code, 1)
        self.assertEqual([json.loads(line)["id"] for line in result.out.splitlines()], ["a-1", "a-2", "a-3"])
        complaints = [line for line in result.err.splitlines() if not line.startswith(" ")]
        self.assertRegex(complaints[0], r"^<stdin>:2: malformed: .*'o'")
        self.assertRegex(complaints[1], r"^<stdin>:5: bad_type: ")
        self.assertEqual(len(complaints), 2)
        self.assertIn("    {\"body\": oops}\n             ^\n", result.err)

    def test_complaints_name_the_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("{}\n")
            file.flush()
            result = run("annotate", file.name)
        self.assertEqual((result.code, result.out), (1, ""))
        self.assertTrue(result.err.startswith(f"{file.name}:1: missing_field: "), result.err)

    def test_an_article_above_the_limit(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
            config.write("limits:\n  message_bytes: 4096\n")
            config.flush()
            text = article(1, body="x" * 5000) + "\n" + article(2)
            result = run("annotate", "-c", config.name, "-i", "jsonl", "-o", "jsonl", stdin=text)
        self.assertEqual(result.code, 1)
        self.assertEqual(json.loads(result.out)["id"], "a-2")
        self.assertRegex(result.err, r"^<stdin>:1: too_large: ")

    def test_what_cannot_start(self):
        for arguments, named in [(["no-such-file.jsonl"], "no-such-file.jsonl"), (["/"], "/ is a directory"),
                                 (["-m", "no-such.gwm", "-"], "no-such.gwm"),
                                 (["-c", "no-such.yaml", "-"], "no-such.yaml")]:
            result = run("annotate", *arguments)
            self.assertEqual((result.code, result.out), (3, ""), arguments)
            self.assertIn(named, result.err)

    def test_usage(self):
        for arguments in (["--output", "xml"], ["--outputt=text"], ["-o"]):
            result = run("annotate", *arguments)
            self.assertEqual((result.code, result.out), (2, ""), arguments)
            self.assertIn("glosswire annotate: ", result.err)

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w") as full:
            completed = subprocess.run([PROGRAM, "annotate", str(EXAMPLES / "articles.jsonl")], stdout=full,
                                       stderr=subprocess.PIPE, env=environment(), timeout=60)
        self.assertEqual(completed.returncode, 5)
        self.assertIn(b"No space left on device", completed.stderr)

    def test_a_reader_that_goes_is_none(self):
        read, write = os.pipe()
        os.close(read)
        completed = subprocess.run([PROGRAM, "annotate", str(EXAMPLES / "articles.jsonl")], stdout=write,
                                   stderr=subprocess.PIPE, env=environment(), timeout=60)
        os.close(write)
        self.assertEqual((completed.returncode, completed.stderr), (-13, b""))


class Text(Case):
    HOSTILE = article(1, id="a\u001b]0;x\u0007b", title="T\u009b31m \u202eitle", source="s\u001b[2J",
                      authors=["\u0085x"], body="Lima\u001b[31m praised\u0000 \u2066it. https://\u007f.example")

    def test_input_cannot_act_on_the_terminal(self):
        for color in ("always", "never"):
            out = self.ok("annotate", "-i", "jsonl", "--color", color, stdin=self.HOSTILE).out
            rest = re.sub("\x1b\\[[0-9;]*m", "", out) if color == "always" else out
            acting = [c for c in rest if (ord(c) < 32 and c != "\n") or 0x7f <= ord(c) < 0xa0 or
                      0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069]
            self.assertEqual(acting, [])
            self.assertIn("␛[31m", rest)

    def test_names_and_markers_are_marked(self):
        out = self.ok("annotate", stdin="Ministers in Lima praised the deal.").out
        self.assertIn("[Lima LOC]", out)
        self.assertRegex(out, r"\{praised \+\d\.\d\d\}")
        self.assertIn("Entities\n", out)

    def test_color_is_for_terminals_only(self):
        self.assertNotIn("\x1b", self.ok("annotate", stdin="Lima.").out)
        self.assertIn("\x1b[1;34mLima\x1b[0m", self.ok("annotate", "--color", "always", stdin="Lima.").out)

    def on_terminal(self, **changes):
        try:
            leader, follower = pty.openpty()
        except OSError as error:
            self.skipTest(f"no terminal to be had: {error}")
        completed = subprocess.run([PROGRAM, "annotate", "-"], input=b"Lima.", stdout=follower,
                                   env=environment(TERM="xterm", **changes), timeout=60)
        os.close(follower)
        out = os.read(leader, 65536).decode("utf-8")
        os.close(leader)
        self.assertEqual(completed.returncode, 0)
        return out

    def test_color_on_a_terminal(self):
        self.assertIn("\x1b[", self.on_terminal())
        self.assertNotIn("\x1b[", self.on_terminal(NO_COLOR="1"))

    def test_lines_fit(self):
        for columns in (50, 72, 120):
            out = self.ok("annotate", EXAMPLES / "article.txt", env=environment(COLUMNS=str(columns))).out
            text = out.split("the whole:")[0]
            self.assertLessEqual(max(len(line) for line in text.splitlines()), columns)


class Page(html.parser.HTMLParser):
    """Checks that elements nest, and collects what a browser would load or run."""

    VOID = {"meta", "link", "br", "hr", "img", "input"}

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.attributes, self.scripts, self.marks = [], set(), [], 0, []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes += attrs
        self.scripts += tag == "script"
        if tag == "mark":
            self.marks.append(attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()


class Html(Case):
    def page(self, *arguments, **options):
        page = Page()
        page.feed(self.ok("annotate", "--html", *arguments, **options).out)
        page.close()
        self.assertEqual(page.open, [])
        return page

    def test_the_page_needs_nothing_else(self):
        page = self.page(EXAMPLES / "articles.jsonl")
        self.assertTrue({"article", "mark", "table", "title"} <= page.seen)
        self.assertFalse({"link", "img", "iframe", "object", "form", "base"} & page.seen)
        self.assertFalse([name for name, _ in page.attributes if name in ("src", "href") or name.startswith("on")])

    def test_everything_is_escaped(self):
        hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"
        text = article(1, id=hostile, title=hostile, body=f"Lima {hostile} praised", source=hostile,
                       authors=[hostile], language="en\"x")
        page = self.page("-i", "jsonl", stdin=text)
        self.assertNotIn("img", page.seen)
        self.assertEqual(page.scripts, 1)

    def test_only_the_pages_own_script_may_run(self):
        out = self.ok("annotate", "--html", EXAMPLES / "articles.jsonl").out
        script, = re.findall("<script>(.*?)</script>", out, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        self.assertIn(f"script-src 'sha256-{digest}'\"", out, "cli/html_arrows.c has another hash than its script")

    def test_arrows_lead_to_what_a_marker_acts_on(self):
        body = "Kenya accused Somalia of fraud. Ana Lund was not praised by Paul Okoro in Lima."
        page = self.page("-i", "jsonl", stdin=article(1, body=body))
        marks = [mark for mark in map(dict, page.marks) if "title" in mark]
        at = {mark["data-at"]: mark for mark in marks}
        accused = next(mark for mark in marks if mark["title"].startswith("accusation"))
        self.assertIn("Somalia", at[accused["data-to"]]["title"])
        praised = next(mark for mark in marks if mark["title"].startswith("praise"))
        self.assertEqual(at[praised["data-to"]]["title"], "PERSON: Ana Lund")
        negator = next(mark for mark in marks if mark["title"].startswith("negator"))
        self.assertEqual(negator["data-changes"], praised["data-at"])
        self.assertEqual(negator["tabindex"], "0")

    def test_an_empty_input_is_a_whole_page(self):
        self.assertIn("main", self.page("-i", "jsonl").seen)



class ClosedStreams(Case):
    """A stream that the caller closed is not taken for something that the program opened itself."""

    def shell(self, line):
        return subprocess.run(["sh", "-c", line, "sh", PROGRAM, str(EXAMPLES / "article.txt")], capture_output=True,
                              timeout=60, env=environment())

    def test_standard_input(self):
        self.assertEqual(self.shell('"$1" annotate - <&-').returncode, 5)

    def test_standard_output(self):
        self.assertEqual(self.shell('"$1" annotate "$2" >&-').returncode, 5)


if __name__ == "__main__":
    unittest.main()
