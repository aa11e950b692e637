"""What a record promises, checked with other people's libraries: schema, spans, and scores that can be recomputed."""

import functools
import json
import math

import jsonschema
import msgpack

from helpers.instance import REPOSITORY

SCHEMAS = REPOSITORY / "schemas" / "json"
# Scores are written as multiples of 10^-4.
HALF_A_STEP = 0.5e-4 + 1e-9


@functools.cache
def validator(name):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def decode(payload):
    """A record or dead letter as consumers get it."""
    return msgpack.unpackb(payload, raw=False, strict_map_key=True)


def check(record, source=None):
    """Checks one record; `source` is the article that it was made of."""
    validator("record").validate(record)
    check_spans(record)
    check_references(record)
    check_scores(record)
    if source:
        check_article(record, source)


def check_article(record, source):
    assert record["id"] == source["id"]
    for field in ("title", "body"):
        assert record["article"].get(field) == source.get(field)


def spans_with_text(record):
    for entity in record["entities"]:
        yield from entity["mentions"]
    for kind in ("values", "quotes", "markers"):
        yield from record[kind]


def texts(record):
    return {field: record["article"].get(field) or "" for field in ("title", "body")}


def check_spans(record):
    """Each span lies in its field and cuts exactly its `text`, counted in code points."""
    text = texts(record)
    for span in spans_with_text(record):
        cut = text[span.get("field") or "body"][span["start"]:span["end"]]
        assert cut == span["text"], f"{span} cuts {cut!r}"
    for span in record["sentences"]:
        assert 0 <= span["start"] < span["end"] <= len(text[span.get("field") or "body"])


def check_references(record):
    sizes = {"sentence": "sentences", "speaker": "entities", "modifies": "markers", "target": "entities",
             "quote": "quotes"}
    for span in spans_with_text(record):
        for name, array in sizes.items():
            if span.get(name) is not None:
                assert 0 <= span[name] < len(record[array])
    for entity in record["entities"]:
        for mention in entity["mentions"]:
            if mention["sentence"] is not None:
                assert inside(mention, record["sentences"][mention["sentence"]])


def inside(span, sentence):
    same_field = (span.get("field") or "body") == (sentence.get("field") or "body")
    return same_field and sentence["start"] <= span["start"] and span["end"] <= sentence["end"]


def squash(x):
    return x / math.sqrt(1 + x * x)


def check_scores(record):
    """Sentence and document scores follow from the markers, as the schema says."""
    total = 0.0
    markers = list(record["markers"])
    counted = 0
    for sentence in record["sentences"]:
        own = [marker for marker in markers if inside(marker, sentence)]
        counted += len(own)
        weight = sum(marker["weight"] for marker in own) + sentence["rest"]
        score = squash((sentence["bias"] + weight) / sentence["norm"])
        assert abs(score - sentence["score"]) <= HALF_A_STEP, f"{sentence}: {score}"
        total += sentence["emphasis"] * weight
    assert counted == len(markers), "a marker lies in no sentence, or in two"
    whole = record["sentiment"]
    score = squash((whole["bias"] + total + whole["rest"]) / whole["norm"])
    assert abs(score - whole["score"]) <= HALF_A_STEP, f"{whole}: {score}"
