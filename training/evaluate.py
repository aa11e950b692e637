"""Score the program's names and values on held-out sets, from raw text, and print one table.

usage: evaluate.py --program BUILD/glosswire [--model FILE] DATA SCORER_DIR WORK

SCORER_DIR has score_ner.py and noise.py.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OPEN_SETS = {'politics': 'crossner_politics.test', 'wikigold': 'wikigold.test', 'ewt': 'uner_ewt.test',
             'pud': 'pud_wiki.test'}


def run(command, goal=None, source=None):
    out = open(goal, 'wb') if goal else None
    subprocess.run([str(c) for c in command], check=True, stdout=out, stdin=open(source, 'rb') if source else None)
    if out:
        out.close()


def gold_sets(options):
    """Paths of gold files, made where they are not there."""
    path = lambda name: os.path.join(options.work, name + '.jsonl')
    dev = os.path.join(options.data, 'ner/worldwide_dev.jsonl')
    noisy = path('worldwide_dev_noisy')
    run([sys.executable, os.path.join(options.scorer, 'noise.py'), dev], noisy)
    yield dev
    yield noisy
    for name, source in OPEN_SETS.items():
        run([sys.executable, os.path.join(HERE, 'prepare_names.py'), 'articles',
             os.path.join(options.data, 'ner/open', source + '.iob'), path(name)])
        yield path(name)


def evaluate(options):
    os.makedirs(options.work, exist_ok=True)
    score = os.path.join(options.scorer, 'score_ner.py')
    model = ['--model', options.model] if options.model else []
    for gold in gold_sets(options):
        articles, records = os.path.join(options.work, 'articles'), os.path.join(options.work, 'records')
        run([sys.executable, score, 'articles', gold], articles)
        run([options.program, 'annotate', *model, '--input', 'jsonl', '--output', 'jsonl', '-'], records, articles)
        run([sys.executable, score, 'score', gold, records])


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--program', required=True)
    parser.add_argument('--model')
    parser.add_argument('data')
    parser.add_argument('scorer')
    parser.add_argument('work')
    evaluate(parser.parse_args())
