"""What a ZeroMQ consumer gets, kept and accounted for."""

from helpers import records
from helpers.accounting import RECORD, Account


class Collector:
    """Hand its take() every message."""

    def __init__(self):
        self.account = Account()
        self.records = {}

    def take(self, headers, payload):
        self.account.add(headers["gw-position"], RECORD, payload)
        self.records[headers["gw-position"]] = payload

    def ids(self):
        return sorted(records.decode(payload)["id"] for payload in self.records.values())

    def check(self, corpus):
        by_id = {article["id"]: article for article in corpus}
        for payload in self.records.values():
            record = records.decode(payload)
            records.check(record, by_id[record["id"]])
        assert self.ids() == sorted(by_id)
