#!/usr/bin/env python3
"""Prints how many tests of a JUnit file passed, failed and were skipped: three numbers. ctest and pytest write them."""

import sys
import xml.etree.ElementTree


def outcome(case):
    """ctest marks tests by a status, pytest by an element."""
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def main():
    outcomes = [outcome(case) for case in xml.etree.ElementTree.parse(sys.argv[1]).iter("testcase")]
    print(*(outcomes.count(word) for word in ("passed", "failed", "skipped")))


if __name__ == "__main__":
    main()
