"""What is found in whole articles written for this project, beside names: golden/documents.json.

GW_GOLDEN=write makes the file anew; read what changed before it is committed."""

import json
import os
import unittest

from glosswire import ROOT, Case

GOLDEN = ROOT / "tests" / "cli" / "golden"


def told(record):
    """The record's values, quotations, language and flags, for people to read."""
    names = [entity["name"] for entity in record["entities"]]
    name = lambda index: None if index is None else names[index]
    return {"id": record["id"], "language": record["language"],
            "flags": [flag for flag in record["meta"]["flags"] if flag != "id_derived"],
            "values": [f'{value["type"]} {value["text"]} = {value["value"]}' for value in record["values"]],
            "quotes": [[quote["text"], quote["cue"] and quote["cue"]["text"], name(quote["speaker"])]
                       for quote in record["quotes"]]}


class Documents(Case):
    maxDiff = None

    def test_golden_documents(self):
        out = self.ok("annotate", "-i", "jsonl", "-o", "jsonl", GOLDEN / "documents.jsonl").out
        records = [json.loads(line) for line in out.splitlines()]
        for record in records:
            self.check_spans(record)
        found = [told(record) for record in records]
        path = GOLDEN / "documents.json"
        if os.environ.get("GW_GOLDEN") == "write":
            path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
        self.assertEqual(found, json.loads(path.read_text("utf-8")))

    def check_spans(self, record):
        """`text` is always what the span cuts from the article as the record has it."""
        cut = lambda it: record["article"][it.get("field", "body")][it["start"]:it["end"]]
        mentions = [mention for entity in record["entities"] for mention in entity["mentions"]]
        cues = [quote["cue"] for quote in record["quotes"] if quote["cue"]]
        for it in mentions + cues + record["values"] + record["quotes"] + record["markers"]:
            self.assertEqual(it["text"], cut(it))


if __name__ == "__main__":
    unittest.main()
