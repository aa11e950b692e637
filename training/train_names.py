"""From a folder of data to a model file with a tagger of names: one command, the same bytes for the same data.

usage: train_names.py --trainer BUILD/training/tagger/train_tagger [--open] DATA WORK OUT.gwm

DATA is laid out as the model card tells; WORK keeps what is made on the way. --open trains on corpora with a stated open
licence only.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GROUPS = os.path.join(HERE, 'lists', 'word_groups.tsv')

# Corpus, weight of its documents.
OPEN_CORPORA = [('wikigold', 1), ('crossner', 1), ('ewt', 1), ('gum', 1)]
ALL_CORPORA = [('worldwide_train', 2), *OPEN_CORPORA, ('news', 0.4), ('abc', 0.4)]
# The first one calibrates the confidences.
TESTS = ['worldwide_dev', 'test_crossner_politics', 'test_wikigold', 'test_uner_ewt', 'test_pud_wiki']


def run(*command):
    subprocess.run([str(c) for c in command], check=True)


def script(name, *arguments):
    run(sys.executable, os.path.join(HERE, name), *arguments)


def train(options):
    path = lambda name: os.path.join(options.work, name)
    os.makedirs(options.work, exist_ok=True)
    script('prepare_names.py', 'train', options.data, options.work)
    script('build_model.py', '--clusters', GROUPS, path('base.gwm'))
    corpora = []
    for name, weight in OPEN_CORPORA if options.open else ALL_CORPORA:
        corpora += ['--train', weight, 0, path(name + '.docs')]
    for name in TESTS:
        corpora += ['--test', path(name + '.docs')]
    run(options.trainer, path('base.gwm'), GROUPS, path('tagger.bin'), *corpora)
    title = 'en-news-open/1' if options.open else 'en-news/1'
    script('build_model.py', '--title', title, '--tagger', path('tagger.bin'), options.out)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--trainer', required=True)
    parser.add_argument('--open', action='store_true')
    parser.add_argument('data')
    parser.add_argument('work')
    parser.add_argument('out')
    train(parser.parse_args())
