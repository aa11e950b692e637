"""What is known of a word before ratings are seen: three lexicons, WordNet, and the company it keeps in text."""
import json
import os
import re

import numpy as np
from sklearn.linear_model import Ridge

from paths import TRAINING, fold, words
from wordnet import Net

import make_clusters

LEXICONS = ('vader', 'afinn', 'opinion')
# Brings the lexicons to one scale, about [-2, 2].
SCALES = {'vader': .5, 'afinn': .5, 'opinion': 1}
VOCABULARY, WORD_USES, ALPHA, PARTS, SEED = 45000, 4, 3.0, 5, 1
FEATURES = len(LEXICONS) + 6

ENDINGS = [('ies', 'y'), ('es', ''), ('s', ''), ('ied', 'y'), ('ed', ''), ('ed', 'e'), ('d', ''), ('ing', ''), ('ing', 'e'),
           ('ily', 'y'), ('ly', ''), ('iness', 'y'), ('ness', ''), ('er', ''), ('est', '')]
STEM_ENDINGS = ('ational ization fulness iveness ation ments ingly edly ness ment able ible ally ions ing ers ion ive ful '
                'ies ied est ity ist ism ed er ly al es y e').split()


def read_lexicons(data):
    """name → {word: valence}"""
    path = lambda name: os.path.join(data, 'lexicon', name)
    lexicons = {name: {} for name in LEXICONS}
    for name, file in (('vader', 'vader_lexicon.txt'), ('afinn', 'AFINN-en-165.txt')):
        for line in open(path(file), encoding='utf-8'):
            word, value = line.rstrip('\n').split('\t')[:2]
            lexicons[name][fold(word)] = float(value) * SCALES[name]
    for file, sign in (('positive-words.txt', 1), ('negative-words.txt', -1)):
        for line in open(path(file), encoding='latin-1'):
            word = line.strip()
            if word and not word.startswith(';'):
                lexicons['opinion'][fold(word)] = lexicons['opinion'].get(fold(word), 0) + sign
    return lexicons


def lemmas(word):
    """The word, and what it may be a form of."""
    yield word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[:len(word) - len(ending)]
            yield stem + instead
            if ending in ('ed', 'ing') and not instead and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


def stem(word):
    """What the forms of one word have in common."""
    for ending in ("'s", 's'):
        if word.endswith(ending) and len(word) > 4 and not word.endswith('ss'):
            word = word[:-len(ending)]
            break
    for ending in STEM_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[:-len(ending)]
    return word


class Knowledge:
    """Features of words. `texts` are lists of folded words, to see the company of words in."""

    def __init__(self, data, texts):
        self.lexicons = read_lexicons(data)
        self.net = Net(set().union(*self.lexicons.values()))
        self.seed_words()
        self.spread, _ = self.net.spread(self.seed, self.known)
        self.induce(list(make_clusters.read_texts(data)) + texts + [[w] + g for ws, g in self.net.glosses for w in ws])

    def seed_words(self):
        total, count = np.zeros(len(self.net.words)), np.zeros(len(self.net.words))
        for name in LEXICONS:
            for word, value in self.lexicons[name].items():
                total[self.net.index[word]] += 2 * value
                count[self.net.index[word]] += 1
        self.known = count > 0
        self.seed = total / np.maximum(count, 1)

    def induce(self, texts):
        """Valences by the words around: for words of the lexicons from the others only."""
        vocabulary = make_clusters.frequent_words(texts, WORD_USES)[:VOCABULARY]
        vectors = make_clusters.embed(make_clusters.count_contexts(texts, vocabulary))
        at = {w: i for i, w in enumerate(vocabulary)}
        seeds = [w for w, known in zip(self.net.words, self.known) if known and w in at]
        x = vectors[[at[w] for w in seeds]]
        y = self.seed[[self.net.index[w] for w in seeds]]
        part = np.random.RandomState(SEED).randint(0, PARTS, len(seeds))
        self.induced = dict(zip(vocabulary, Ridge(alpha=ALPHA).fit(x, y).predict(vectors)))
        for i in range(PARTS):
            heard = Ridge(alpha=ALPHA).fit(x[part != i], y[part != i]).predict(x[part == i])
            self.induced.update(zip((w for w, p in zip(seeds, part) if p == i), heard))
        self.seeds = set(seeds)

    def of_lemma(self, word):
        for form in lemmas(word):
            for name in LEXICONS:
                if form in self.lexicons[name]:
                    return self.lexicons[name][form]
        return 0

    def spread_of(self, word):
        at = self.net.index.get(word)
        return 0 if at is None else self.spread[at]

    def features(self, word):
        by_lemma = self.of_lemma(word)
        spread = next((v for v in map(self.spread_of, lemmas(word)) if abs(v) > 1e-6), 0)
        induced = self.induced.get(word, 0)
        return [*(self.lexicons[name].get(word, 0) for name in LEXICONS), self.spread_of(word), spread, by_lemma,
                np.sign(by_lemma), .35 * induced, 0 if word in self.seeds else .35 * induced]
