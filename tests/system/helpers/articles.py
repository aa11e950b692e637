"""Articles to feed: real ones where the shared data lies beside the repository, else made up here."""

import itertools
import json
import random

from helpers.instance import REPOSITORY

SHARED = REPOSITORY.parent / "shared" / "data" / "articles"
COUNT = 1974

NAMES = ["Amara Okafor", "Jonas Lindqvist", "Priya Raman", "Mateo Fuentes", "Keiko Watanabe", "Elif Demir"]
PLACES = ["Nairobi", "Lisbon", "Osaka", "Bogotá", "Kraków", "Reykjavik", "Ankara", "Chennai"]
BODIES = ["the World Health Organization", "the European Commission", "the port authority", "Lakeview University"]
EVENTS = ["signed a landmark agreement to rebuild the coastal railway", "warned of severe losses after the floods",
          "condemned the attack on the harbour and called for calm", "praised the rescue teams for their courage",
          "did not reject the proposal, but called it a failure of planning", "opened a new clinic for 1,200 patients",
          "cut its forecast by 2.5 percent", "said \u201cwe will not give up\u201d \u2013 and left \U0001f6a2"]


def generated(count, seed=1):
    """The same articles for the same arguments."""
    draw = random.Random(seed)
    for number in range(count):
        sentences = [f"{draw.choice(NAMES)} of {draw.choice(BODIES)} in {draw.choice(PLACES)} {draw.choice(EVENTS)}."
                     for _ in range(draw.randrange(2, 16))]
        article = {"id": f"made-{seed}-{number}", "title": f"{draw.choice(PLACES)}: {draw.choice(EVENTS)}",
                   "body": " ".join(sentences)}
        if number % 7 == 0:
            article["section"] = {"name": "world", "weight": number}
        yield article


def real():
    """All real articles, or None."""
    path = SHARED / "news.jsonl"
    if not path.exists():
        return None
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def some(count):
    """So many articles, real ones if possible."""
    return list(itertools.islice(real() or generated(count), count))


def encode(some):
    """As JSON, one payload each."""
    return [json.dumps(article, ensure_ascii=False).encode() for article in some]
