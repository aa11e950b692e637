"""Waiting with deadlines: nothing here sleeps and hopes."""

import time

# Processes start, join groups and drain within this, also on a busy machine and with sanitizers.
PATIENCE_S = 90
POLL_S = 0.02


def until(condition, what, seconds=PATIENCE_S):
    """Returns the first true value of condition(); fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(POLL_S)


def steady(value, seconds, what, limit_s=PATIENCE_S):
    """Returns value() once it has not changed for so many seconds."""
    deadline = time.monotonic() + limit_s
    last, since = value(), time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(POLL_S)
        now = value()
        if now != last:
            last, since = now, time.monotonic()
        assert time.monotonic() < deadline, f"waited {limit_s} s for {what} to stop changing"
    return last
