"""Score the program's sentiment on rated texts, with VADER beside it, in one run.

usage: evaluate_sentiment.py --program BUILD/glosswire [--model FILE] DATA SCORER

SCORER is the folder of score_sentiment.py. The editorials that can be seen are those that the released weights were learned
from: what `train_words.py --cross-validate` says is the figure for them; VADER's is comparable as it stands. VADER knows
no targets: its label is the sentence's, by its authors' thresholds. `own` counts all targets, also those that are no names.
"""
import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

VADER = 'vaderSentiment'
SETS = [('nyt', 'nyt_visible.tsv', 'editorials, seen in training'), ('mtsc', 'newsmtsc_dev_rw.jsonl', 'targets in news, rw, dev'),
        ('mtsc', 'newsmtsc_dev_mt.jsonl', 'targets in news, mt, dev')]
VADER_LABELS = [(-0.05, 'negative'), (0.05, 'neutral'), (1.01, 'positive')]


def score_script(options, *arguments):
    script = os.path.join(options.scorer, 'score_sentiment.py')
    return subprocess.run([sys.executable, script, *arguments], check=True, stdout=subprocess.PIPE).stdout


def say_program(options, articles):
    model = ['--model', options.model] if options.model else []
    command = [options.program, 'annotate', *model, '--input', 'jsonl', '--output', 'jsonl', '-']
    return subprocess.run(command, input=articles, check=True, stdout=subprocess.PIPE).stdout


def say_vader(articles):
    """Records with what the scorer looks at."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    analyzer = SentimentIntensityAnalyzer()
    for line in articles.splitlines():
        article = json.loads(line)
        score = analyzer.polarity_scores(article['body'])['compound']
        label = next(name for most, name in VADER_LABELS if score < most)
        yield json.dumps({'id': article['id'], 'sentiment': {'score': score},
                          'targets': [{'sentiment': {'label': label}} for _ in article.get('targets', ())]})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', required=True)
    parser.add_argument('--model')
    parser.add_argument('data')
    parser.add_argument('scorer')
    options = parser.parse_args()
    systems = {'glosswire': lambda articles: say_program(options, articles)}
    if importlib.util.find_spec(VADER):
        systems['VADER'] = lambda articles: '\n'.join(say_vader(articles)).encode()
    else:
        print('VADER is not installed and left out: pip install -r training/requirements-evaluate.txt', file=sys.stderr)
    for kind, name, title in SETS:
        gold = os.path.join(options.data, 'sentiment', name)
        articles = score_script(options, 'articles', kind, gold)
        for system, say in systems.items():
            with tempfile.NamedTemporaryFile() as records:
                records.write(say(articles))
                records.flush()
                print(f'{title:32}{system:12}{score_script(options, "score", kind, gold, records.name).decode().strip()}')


if __name__ == '__main__':
    main()
