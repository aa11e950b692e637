"""Two hundred messages that can be no article, each with the reasons that its dead letter may give."""

import json

import msgpack

ARTICLE = {"id": "whole", "title": "Storm closes the bridge at Lakeview", "body": "The bridge is closed. “Sorry”, they said.",
           "published_at": "2024-03-04T05:06:07Z", "authors": ["A. Writer"], "section": {"name": "world", "page": 3}}
TWENTY_MB = 20_000_000
COUNT = 200


def deep(levels):
    return b"\x91" * levels + b"\xc0"


def with_field(name, value):
    return msgpack.packb({**ARTICLE, name: value})


def json_with(name, raw):
    fields = {key: json.dumps(value) for key, value in ARTICLE.items()}
    return ("{" + ", ".join(f'"{key}": {text}' for key, text in {**fields, name: raw}.items()) + "}").encode()


def truncated():
    packed, text = msgpack.packb(ARTICLE), json.dumps(ARTICLE).encode()
    for cut in spread(1, len(packed), 50):
        yield packed[:cut], {"truncated", "too_many"}  # a count may be larger than the bytes that are left
    for cut in spread(1, len(text), 36):
        yield text[:cut], {"truncated"}


def spread(first, last, count):
    """So many different numbers from first up to last, which is not included."""
    return [first + (last - first) * i // count for i in range(count)]


def nested():
    for levels in (40, 100, 1000, 10_000, 1_000_000):
        yield b"\x82\xa4body\xa1x\xa4deep" + deep(levels), {"too_deep"}
        yield json_with("deep", "[" * levels + "]" * levels), {"too_deep"}
        yield json_with("deep", '{"a":' * levels + "1" + "}" * levels), {"too_deep"}


def huge_counts():
    for head in (b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xdc\xff\xff", b"\xde\xff\xff",
                 b"\xdb\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xc9\xff\xff\xff\xff\x01"):
        yield head, {"truncated", "too_many", "too_large", "bad_type"}
        yield b"\x82\xa4body\xa1x\xa4many" + head, {"truncated", "too_many", "too_large"}
    yield with_field("many", {str(key): key for key in range(5000)}), {"too_many"}
    yield json_with("many", json.dumps({str(key): key for key in range(5000)})), {"too_many"}
    yield with_field("authors", ["x"] * 5000), {"too_many"}
    yield with_field("id", "x" * 5000), {"too_large"}


def bad_utf8():
    for bad in (b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\x80", b"\xe2\x82", b"a\xfe"):
        yield b"\x81\xa4body" + bytes([0xa0 + len(bad)]) + bad, {"bad_utf8"}
        yield b'{"body": "' + bad + b'"}', {"bad_utf8"}
    yield rb'{"body": "\ud800"}', {"bad_utf8"}


def wrong_types():
    for field in ("id", "title", "body", "url", "language", "content_type"):
        for value in (17, ["text"], {"text": 1}):
            if field == "id" and value == 17:
                continue
            yield with_field(field, value), {"bad_type"}
    for value in (17, {"a": 1}, [1]):
        yield with_field("authors", value), {"bad_type"}
    for value in (True, ["2024"], {}):
        yield with_field("published_at", value), {"bad_type"}
    for value in ("x", [["a"]], [{"start": "0", "end": 2}]):
        yield with_field("targets", value), {"bad_type"}
    for root in (b"\x93\x01\x02\x03", b"\xa4text", b"\xc0", b"\xc3", b"\xcb" + bytes(8), b"[1, 2]", b'"text"', b"17"):
        yield root, {"bad_type", "trailing_bytes", "malformed"}


def bad_values():
    for value in ("yesterday", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z"):
        yield with_field("published_at", value), {"bad_value"}
    for value in ([{"start": 5, "end": 3}], [{"start": 0, "end": 10_000}], [{"start": 0, "end": 2, "field": "url"}]):
        yield with_field("targets", value), {"bad_value"}
    yield with_field("content_type", "image/png"), {"bad_value"}


def broken():
    yield b"", {"empty"}
    yield b"  \n ", {"empty", "truncated"}
    yield msgpack.packb({"id": "no text"}), {"missing_field"}
    yield b"{}", {"missing_field"}
    yield msgpack.packb({"body": None, "title": None}), {"missing_field"}
    yield msgpack.packb({"body": "  "}), {"empty"}
    yield b"\x82\xa4body\xa1x\xa4body\xa1y", {"duplicate_key"}
    yield b'{"body": "x", "body": "y"}', {"duplicate_key"}
    yield msgpack.packb(ARTICLE) + b"\x01", {"trailing_bytes"}
    yield json.dumps(ARTICLE).encode() + b" {}", {"trailing_bytes"}
    yield b"\xc1", {"malformed"}
    yield b"\x81\xa4body\xc1", {"malformed"}
    for text in (b"{body: 1}", b"{'body': 'x'}", b'{"body": "x",}', b'{"body" "x"}', b'{"n": 01, "body": "x"}',
                 b'{"n": +1, "body": "x"}', b'{"n": nul, "body": "x"}', b'{"body": "a\nb"}', rb'{"body": "\x41"}'):
        yield text, {"malformed"}
    yield with_field("body", "x" * TWENTY_MB), {"too_large"}
    yield json_with("body", json.dumps("x" * TWENTY_MB)), {"too_large"}


def messages():
    """(payload, reasons), two hundred of them, always the same."""
    found = [*broken(), *nested(), *huge_counts(), *bad_utf8(), *wrong_types(), *bad_values(), *truncated()]
    assert len(found) == COUNT, len(found)
    return found
