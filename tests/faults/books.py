"""What went in and what came out of one pair, counted here and not by the program under test."""

import collections
import hashlib
import threading

RECORD, DEAD_LETTER, SKIPPED = "record", "dead letter", "skipped"


class Books:
    """Filled from several threads. An input is known by its position; keys and numbers are for the order."""

    def __init__(self):
        self.lock = threading.Lock()
        self.inputs = set()
        self.outcomes = {}                        # position → outcome
        self.outputs = collections.Counter()      # position → how often
        self.digests = {}                         # position → of its record
        self.last_number = {}                     # key → the highest number that has come out
        self.mistakes = []

    def fed(self, position):
        with self.lock:
            self.inputs.add(position)

    def came(self, position, outcome, payload=None, key=None, number=None):
        """One output. `key` and `number` only where records of one key keep their order."""
        with self.lock:
            if position is None:
                self._wrong("an output without gw-position")
                return
            if self.outcomes.setdefault(position, outcome) != outcome:
                self._wrong(f"{position} came out as {self.outcomes[position]} and as {outcome}")
            if outcome == RECORD:
                digest = hashlib.blake2b(payload, digest_size=8).digest()
                if self.digests.setdefault(position, digest) != digest:
                    self._wrong(f"{position} came out as two different records")
            self.outputs[position] += 1
            if number is not None and self.outputs[position] == 1:
                if number <= self.last_number.get(key, -1):
                    self._wrong(f"{position}: number {number} of {key} after {self.last_number[key]}")
                self.last_number[key] = max(number, self.last_number.get(key, -1))

    def _wrong(self, what):
        if len(self.mistakes) < 20:
            self.mistakes.append(what)

    @property
    def missing(self):
        with self.lock:
            return self.inputs - self.outcomes.keys()

    def count_out(self):
        with self.lock:
            return sum(self.outputs.values())

    def summary(self):
        with self.lock:
            found = collections.Counter(self.outcomes[each] for each in self.inputs if each in self.outcomes)
            return {"in": len(self.inputs), "records": found[RECORD], "dead_letters": found[DEAD_LETTER],
                    "skipped": found[SKIPPED], "missing": len(self.inputs - self.outcomes.keys()),
                    "redelivered": sum(count - 1 for each, count in self.outputs.items() if each in self.inputs)}
