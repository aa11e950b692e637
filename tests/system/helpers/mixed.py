"""Input of every outcome, and what exactly_once promises of it."""

import json

from helpers import records
from helpers.accounting import DEAD_LETTER, RECORD


def mixed(count, first=0):
    """Payloads and keys: mostly articles, and what becomes a dead letter or is passed on as a null value."""
    payloads, keys = [], []
    for number in range(first, first + count):
        article = {"id": f"{number}", "body": f"Ferry {number} of the Kraków line sails. " * (1 + number % 9)}
        payloads.append(None if number % 50 == 7 else
                        b"{broken" if number % 50 == 11 else json.dumps(article).encode())
        keys.append(f"key-{number % 31}".encode())
    return payloads, keys


def mixed_part(part, size):
    """The arguments of feed() for one of several parts of that size."""
    payloads, keys = mixed(size, part * size)
    return payloads, None, keys


def check_order(book):
    """Records of one key come in the order of their inputs. Repeats aside."""
    latest = {}
    for message in book.reader.messages:
        if message.topic() != book.dead_letter_topic and message.value() is not None:
            number = int(records.decode(message.value())["id"])
            assert latest.get(message.key(), -1) < number, f"{message.key()}: {number} comes late"
            latest[message.key()] = number


def check_once(book, fed):
    """All of the input has come out, and nothing of it twice."""
    book.poll()
    book.account.settle(fed)
    assert book.account.redelivered == 0
    assert min(book.account.count(outcome) for outcome in (RECORD, DEAD_LETTER)) > 0
    check_order(book)
