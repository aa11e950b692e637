"""The equation: every input position has exactly one outcome; repeats are counted."""

import collections

RECORD, DEAD_LETTER, SKIPPED = "record", "dead letter", "skipped"


class Account:
    """What came out, by input position."""

    def __init__(self):
        self.outcomes = {}
        self.payloads = {}
        self.seen = collections.Counter()

    def add(self, position, outcome, payload=None):
        """Notes one output. The same input must not have two different outcomes, nor two different records."""
        assert position, "an output without gw-position"
        assert self.outcomes.setdefault(position, outcome) == outcome, f"{position} has two outcomes"
        if outcome == RECORD:
            assert self.payloads.setdefault(position, payload) == payload, f"{position} has two different records"
        self.seen[position] += 1

    def count(self, outcome):
        return sum(each == outcome for each in self.outcomes.values())

    @property
    def distinct(self):
        return len(self.outcomes)

    @property
    def redelivered(self):
        return sum(self.seen.values()) - self.distinct

    def settle(self, fed):
        """in = records + dead letters + skipped. `fed` is the input positions, or their number where the feeder does
        not know them."""
        if not isinstance(fed, int):
            assert set(self.outcomes) == set(fed), (
                f"missing {sorted(set(fed) - set(self.outcomes))[:5]}, unknown {sorted(set(self.outcomes) - set(fed))[:5]}")
            fed = len(set(fed))
        assert fed == self.count(RECORD) + self.count(DEAD_LETTER) + self.count(SKIPPED)
        print(f"in {fed} = {self.count(RECORD)} records + {self.count(DEAD_LETTER)} dead letters + "
              f"{self.count(SKIPPED)} skipped; {self.redelivered} redelivered")
