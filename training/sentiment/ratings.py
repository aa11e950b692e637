"""Texts with ratings, as the program sees them: the words that count, each with what its surroundings make of it."""
import json
import os
import subprocess
import sys

from paths import TRAINING, fold, words

SNIPPETS = ('nyt_visible', 'movieReviewSnippets', 'amazonReviewSnippets', 'tweets')
TARGETED = 'newsmtsc_train'
NEWS = SNIPPETS[0]
# From polarities 2, 4, 6 to the scale of the ratings.
POLARITY_SCALE = .6
SENTENCES_TOGETHER = 20


class Rated:
    """`group` is what must not be parted in cross-validation; `words` are (word, factor, follows the one before)."""

    def __init__(self, kind, key, group, rating, text):
        self.kind, self.key, self.group, self.rating, self.text, self.words = kind, key, group, rating, text, []


def read_rated(data):
    path = lambda name: os.path.join(data, 'sentiment', name)
    for kind in SNIPPETS:
        for line in open(path(kind + '.tsv'), encoding='utf-8'):
            key, mean, text = line.rstrip('\n').split('\t', 2)
            yield Rated(kind, f'{kind}-{key}', f'{kind}-{key.split("_")[0]}', float(mean), text)
    for i, line in enumerate(open(path(TARGETED + '.jsonl'), encoding='utf-8')):
        row = json.loads(line)
        polarity = [float(target['polarity']) - 4 for target in row['targets']]
        rating = POLARITY_SCALE * sum(polarity) / len(polarity)
        yield Rated(TARGETED, f'{TARGETED}-{i}', f'{TARGETED}-{i // SENTENCES_TOGETHER}', rating, row['sentence_normalized'])


def annotate(program, model, articles):
    """The program's records of articles, in order."""
    lines = ''.join(json.dumps(article, ensure_ascii=False) + '\n' for article in articles)
    done = subprocess.run([program, 'annotate', '--model', model, '--input', 'jsonl', '--output', 'jsonl', '-'],
                          input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def copy_model(released, goal):
    """`goal`, a copy to be built anew: it keeps the tagger of names and the model of targets."""
    with open(released, 'rb') as source, open(goal, 'wb') as out:
        out.write(source.read())
    return goal


def build_model(model, *options):
    subprocess.run([sys.executable, os.path.join(TRAINING, 'build_model.py'), *options, model], check=True)


def see_words(rated, program, model):
    """Fills `words`; `model` gives every word the weight 1, so that a marker's weight is its factor."""
    records = annotate(program, model, [{'id': r.key, 'body': r.text} for r in rated])
    for one, record in zip(rated, records, strict=True):
        end = None
        for marker in record['markers']:
            follows = end is not None and one.text[end:marker['start']] == ' '
            one.words.append((fold(marker['text']), marker['weight'], follows))
            end = marker['end']


def load(data, work, program, released):
    """All rated texts, with a model made for it in WORK; `released` is where the tagger of names is from."""
    rated = list(read_rated(data))
    vocabulary = os.path.join(work, 'vocabulary.txt')
    with open(vocabulary, 'w', encoding='utf-8') as out:
        out.writelines(word + '\n' for word in sorted({w for r in rated for w in words(r.text)}))
    model = copy_model(released, os.path.join(work, 'unit.gwm'))
    build_model(model, '--unit-weights', vocabulary)
    see_words(rated, program, model)
    return rated
