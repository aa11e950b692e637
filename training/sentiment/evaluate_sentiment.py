"""Score the program's sentiment on rated texts, with VADER beside it, in one run.

usage: evaluate_sentiment.py --program BUILD/glosswire [--model FILE] DATA SCORER

SCORER is the folder of score_sentiment.py; training/evaluate.py runs this too, and puts it into the card. The editorials that
can be seen are those that the released weights were learned from: what train_words.py says of articles that were held out is
the figure for them; VADER's is comparable as it stands. VADER knows no targets: its label is the sentence's, by its authors'
thresholds.
"""
import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import vader  # noqa: E402
from card import table  # noqa: E402

RATED = ('nyt', 'nyt_visible.tsv')
TARGETS = [('one label a sentence (rw)', 'newsmtsc_dev_rw.jsonl'), ('several (mt)', 'newsmtsc_dev_mt.jsonl')]
LABELS = {2.0: 'negative', 4.0: 'neutral', 6.0: 'positive'}


def score_script(options, *arguments):
    script = os.path.join(options.scorer, 'score_sentiment.py')
    return subprocess.run([sys.executable, script, *arguments], check=True, stdout=subprocess.PIPE).stdout


def say_program(options, articles):
    model = ['--model', options.model] if options.model else []
    command = [options.program, 'annotate', *model, '--input', 'jsonl', '--output', 'jsonl', '-']
    return subprocess.run(command, input=articles, check=True, stdout=subprocess.PIPE).stdout


def macro_f1(pairs):
    """Of (truth, label)."""
    def f1(label):
        right = sum(truth == said == label for truth, said in pairs)
        return 2 * right / max(1, sum(truth == label for truth, _ in pairs) + sum(said == label for _, said in pairs))
    return 100 * sum(map(f1, LABELS.values())) / len(LABELS)


def found_names(gold, records):
    """(truth, label of the given target, label of the entity that is there) where the program has found one."""
    for line, record in zip(open(gold, encoding='utf-8'), map(json.loads, records.splitlines()), strict=True):
        for target, given in zip(json.loads(line)['targets'], record['targets'], strict=True):
            own = [entity['sentiment']['label'] for entity in record['entities'] for mention in entity['mentions']
                   if mention['start'] < int(target['to']) and int(target['from']) < mention['end']]
            if own:
                yield LABELS[float(target['polarity'])], given['sentiment']['label'], own[0]


class Sentiment:
    """What program and VADER say of each set, and how good that is."""

    def __init__(self, options):
        self.options = options
        self.systems = {'glosswire': lambda articles: say_program(options, articles)}
        if importlib.util.find_spec(vader.PACKAGE):
            self.systems['VADER'] = lambda articles: '\n'.join(vader.say(articles)).encode()
        else:
            print('VADER is not installed and left out: pip install -r training/requirements-evaluate.txt', file=sys.stderr)

    def ask(self, kind, name):
        """system → (records, what the scorer prints)"""
        gold = os.path.join(self.options.data, 'sentiment', name)
        articles = score_script(self.options, 'articles', kind, gold)
        for system, say in self.systems.items():
            with tempfile.NamedTemporaryFile() as file:
                records = say(articles)
                file.write(records)
                file.flush()
                yield system, records, score_script(self.options, 'score', kind, gold, file.name).decode().strip()

    def targets(self):
        rows = []
        for title, name in TARGETS:
            for system, records, told in self.ask('mtsc', name):
                given, own = re.search(r'given ([\d.]+) own ([\d.]+)', told).groups()
                row = [title, system, given]
                if system == 'glosswire':
                    found = list(found_names(os.path.join(self.options.data, 'sentiment', name), records))
                    by_given, by_own = zip(*(((truth, given), (truth, own)) for truth, given, own in found))
                    row += [own, len(found), f'{macro_f1(by_given):.1f}', f'{macro_f1(by_own):.1f}']
                rows.append(row + [''] * (7 - len(row)))
        heads = ['targets in news (NewsMTSC, dev)', 'by', 'target given', 'own entities, none is neutral',
                 'targets that are found names', 'of these: given', 'of these: own']
        return table(heads, rows)

    def report(self):
        yield from ['Macro-F1 of three labels, in per cent:', '', *self.targets(), '']
        seen = {system: told.split()[1] for system, _, told in self.ask(*RATED)}
        told = '; '.join(f'{system} {r}' for system, r in seen.items())
        yield f'Editorials, r with the mean of twenty raters: {told}. The program has learned from these.'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', required=True)
    parser.add_argument('--model')
    parser.add_argument('data')
    parser.add_argument('scorer')
    print('\n'.join(Sentiment(parser.parse_args()).report()))


if __name__ == '__main__':
    main()
