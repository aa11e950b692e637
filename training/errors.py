"""Show what the program gets wrong on a labelled set: the most frequent mistakes, by kind and by name.

usage: errors.py [--most N] GOLD.jsonl RECORDS.jsonl SCORER

GOLD and RECORDS are what evaluate.py scores and leaves in its WORK folder. A mistake is a labelled name that was not
found as it is, or a found one that is not labelled; one of each that overlap are one mistake.
"""
import argparse
import collections

from evaluate import load_scorer, read_lines

CONTEXT = 24


def spans_of(scorer, row, record):
    body = row['body']
    want = {(*scorer.trim(body, s, e), kind) for s, e, kind in row['entities'] if kind in scorer.RICH}
    have = {(*scorer.trim(body, s, e), kind) for s, e, kind in scorer.predicted(record, False) if kind in scorer.RICH}
    return want, have


def kind_of(want, have):
    """What a mistake is, from the labelled span and the found one; either may be None."""
    if have is None:
        return f'{want[2]} missed'
    if want is None:
        return f'{have[2]} where nothing is labelled'
    if want[:2] == have[:2]:
        return f'{want[2]} called {have[2]}'
    how = 'too long' if have[0] <= want[0] and have[1] >= want[1] else \
        'too short' if have[0] >= want[0] and have[1] <= want[1] else 'shifted'
    return f'{want[2]} {how}' + ('' if want[2] == have[2] else f' and called {have[2]}')


def mistakes_of(want, have):
    """Pairs of a labelled span and a found one that overlaps it, or None."""
    missed, wrong = sorted(want - have), sorted(have - want)
    for w in missed:
        over = [h for h in wrong if h[0] < w[1] and w[0] < h[1]]
        if over:
            wrong.remove(over[0])
        yield w, over[0] if over else None
    for h in wrong:
        if not any(w[0] < h[1] and h[0] < w[1] for w in missed):
            yield None, h


def shown(body, span):
    return ' '.join(body[span[0]:span[1]].split()) if span else '–'


def count(scorer, golds, records):
    kinds, names, places = collections.Counter(), collections.Counter(), {}
    for row in golds:
        want, have = spans_of(scorer, row, records.get(row['id'], {}))
        for w, h in mistakes_of(want, have):
            kind = kind_of(w, h)
            name = (kind, shown(row['body'], w), shown(row['body'], h))
            start, end = (w or h)[:2]
            kinds[kind] += 1
            names[name] += 1
            places.setdefault(name, ' '.join(row['body'][max(0, start - CONTEXT):end + CONTEXT].split()))
    return kinds, names, places


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--most', type=int, default=100)
    parser.add_argument('gold')
    parser.add_argument('records')
    parser.add_argument('scorer')
    options = parser.parse_args()
    records = {row['id']: row for row in read_lines(options.records)}
    kinds, names, places = count(load_scorer(options.scorer), read_lines(options.gold), records)
    print(f'{sum(kinds.values())} mistakes')
    for kind, n in kinds.most_common():
        print(f'{n:5} {kind}')
    print(f'\nthe {options.most} most frequent: how often, kind, as labelled, as found, where first')
    for name, n in sorted(names.items(), key=lambda x: (-x[1], x[0]))[:options.most]:
        print(f'{n:5}', *name, places[name], sep='\t')


if __name__ == '__main__':
    main()
