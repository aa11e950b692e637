"""Whether processes stay within their memory and do not grow on and on."""

import collections
import pathlib
import statistics
import time

MIB = 1 << 20
# What one process may have: its `memory` key, and so much for the model, libraries and what malloc keeps.
MOST_MIB = 48 + 140
# A role's median of the last third may be so much above that of the middle third.
GROWTH, GROWTH_MIB = 1.15, 8
SAMPLES_MIN = 60


def resident_mib(pid):
    try:
        pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * 4096 / MIB


class Memory:
    def __init__(self):
        self.samples = collections.defaultdict(list)  # role → MiB, in time's order
        self.then = 0.0

    def sample(self, instance):
        now = time.monotonic()
        if now - self.then < 1:
            return
        self.then = now
        for pid, command in instance.children().items():
            self.samples[command[2]].append(resident_mib(pid))
        self.samples["supervisor"].append(resident_mib(instance.process.pid))

    def complaints(self):
        wrong = [f"a {role} had {max(sizes):.0f} MiB" for role, sizes in self.samples.items() if max(sizes) > MOST_MIB]
        for role, sizes in self.samples.items():
            third = len(sizes) // 3
            if len(sizes) >= SAMPLES_MIN:
                middle, last = statistics.median(sizes[third:2 * third]), statistics.median(sizes[2 * third:])
                if last > middle * GROWTH + GROWTH_MIB:
                    wrong.append(f"the {role}'s memory grows: {middle:.0f} MiB, then {last:.0f} MiB")
        return wrong

    def summary(self):
        return "most memory: " + ", ".join(f"{role} {max(sizes):.0f} MiB" for role, sizes in sorted(self.samples.items()))
