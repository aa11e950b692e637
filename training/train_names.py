"""From a folder of data to a model file with a tagger of names, its scores and its card: one command, and the same bytes
for the same data, packages and processor.

usage: train_names.py --build BUILD [--open] DATA SCORER WORK OUT.gwm
       train_names.py --build BUILD --select DATA SCORER WORK

DATA is laid out as the model's card tells; SCORER has score_ner.py and noise.py; WORK keeps what is made on the way;
BUILD is a Release build of this checkout. --open trains on corpora with a stated open licence only. --select is for
choosing between settings: it leaves each fifth document of the open corpora out, scores on these and on the development
set, and writes no model. Scores of the test sets are for the card alone.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LISTS = os.path.join(HERE, 'lists')

# Corpus, weight of its documents.
OPEN_CORPORA = [('wikigold', 1), ('crossner', 1.3), ('ewt', 1), ('gum', 1), ('tweets', 0.2)]
ALL_CORPORA = [('worldwide_train', 2), ('spoiled_train', 0.3), *OPEN_CORPORA, ('news', 0.4), ('abc', 0.4)]
# The first one calibrates the confidences.
TESTS = ['worldwide_dev', 'spoiled_dev', 'test_crossner_politics', 'test_wikigold', 'test_uner_ewt', 'test_pud_wiki']
SELECTION = ['worldwide_dev', 'spoiled_dev', 'held_crossner', 'held_wikigold', 'held_ewt', 'held_gum']


class Kind:
    """What the two released models differ in."""

    def __init__(self, title, groups, corpora, words, pairs):
        self.title, self.groups, self.corpora = title, os.path.join(LISTS, groups), corpora
        self.size = ['--words', words, '--pairs', pairs]


ALL = Kind('en-news/1', 'word_groups.tsv', ALL_CORPORA, 10000, 25000)
OPEN = Kind('en-news-open/1', 'word_groups_open.tsv', OPEN_CORPORA, 6000, 15000)


def run(*command):
    subprocess.run([str(c) for c in command], check=True)


def script(name, *arguments):
    run(sys.executable, os.path.join(HERE, name), *arguments)


def train(options, kind):
    """Trains on what WORK will have, and leaves the tagger's sections there."""
    path = lambda name: os.path.join(options.work, name)
    os.makedirs(options.work, exist_ok=True)
    mode = 'select' if options.select else 'open' if options.open else 'train'
    script('prepare_names.py', mode, options.data, options.work)
    script('build_model.py', '--clusters', kind.groups, path('base.gwm'))
    corpora = []
    for name, weight in kind.corpora:
        corpora += ['--train', weight, 0, path(name + '.docs')]
    for name in SELECTION if options.select else TESTS:
        corpora += ['--test', path(name + '.docs')]
    trainer = os.path.join(options.build, 'training', 'tagger', 'train_tagger')
    run(trainer, path('base.gwm'), kind.groups, path('tagger.bin'), *kind.size, *corpora)
    return path('tagger.bin')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', required=True)
    parser.add_argument('--open', action='store_true')
    parser.add_argument('--select', action='store_true')
    parser.add_argument('data')
    parser.add_argument('scorer')
    parser.add_argument('work')
    parser.add_argument('out', nargs='?')
    options = parser.parse_args()
    if options.open and options.select:
        parser.error('--select is for the model that learns from all corpora')
    if bool(options.out) == options.select:
        parser.error('OUT.gwm is given unless --select is')
    kind = OPEN if options.open else ALL
    tagger = train(options, kind)
    if options.select:
        return
    script('build_model.py', '--title', kind.title, '--tagger', tagger, options.out)
    card = os.path.splitext(options.out)[0] + '.md'
    script('evaluate.py', '--program', os.path.join(options.build, 'glosswire'), '--model', options.out,
           *(['--card', card] if os.path.exists(card) else []), options.data, options.scorer, options.work)


if __name__ == '__main__':
    main()
