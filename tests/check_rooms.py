"""Hold the rooms to the table in docs/architecture.md: who may include whom, and include guards that are the paths.

usage: tests/check_rooms.py      exit 1 when a file breaks a rule, each as file:line: message
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROW = re.compile(r'^\| (`\w+/`(?: `\w+/`)*) \|.*\| ([^|]+) \|$')
INCLUDE = re.compile(r'#include "(\w+)/')
EVERYTHING = 'all of these'


def allowed():
    """Of each room, the rooms that it may include; of those that may include all, None."""
    rules = {}
    for line in (ROOT / 'docs/architecture.md').read_text('utf-8').splitlines():
        if row := ROW.match(line):
            for room in re.findall(r'\w+', row[1]):
                rules[room] = None if row[2] == EVERYTHING else set(re.findall(r'\w+', row[2])) | {room}
    return rules


def complaints(path, room, may):
    text = (ROOT / path).read_text('utf-8')
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        if include and may is not None and include[1] not in may:
            yield f'{path}:{number}: {room}/ may not include {include[1]}/'
    guard = 'GW_' + re.sub(r'[/.]', '_', path).upper()
    if path.endswith('.h') and '#ifndef ' in text and f'#ifndef {guard}\n#define {guard}\n' not in text:
        yield f'{path}:1: the include guard is not {guard}'


def main():
    rules = allowed()
    assert rules, 'docs/architecture.md has lost its table of rooms'
    files = subprocess.run(['git', 'ls-files', '*.c', '*.h'], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    broken = [complaint for path in files.stdout.split() if (room := path.split('/')[0]) in rules and room != 'tests'
              for complaint in complaints(path, room, rules[room])]
    print('\n'.join(broken), end='\n' if broken else '', file=sys.stderr)
    return 1 if broken else 0


if __name__ == '__main__':
    sys.exit(main())
