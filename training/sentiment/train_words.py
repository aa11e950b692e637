"""Learn what words weigh in a score: ridge regression on rated texts, over what is known of the words.

usage: train_words.py --program BUILD/glosswire [--cross-validate] DATA WORK MODEL.gwm

Writes word_weights.tsv, pair_weights.tsv and sentiment.txt into training/lists, and packs MODEL anew. A rating is
(bias + the sum of weights) over the root of the words (and some more), so a weight learned from a short text holds in a
long one. A word's weight is the sum of what its features say, of its own, its stem's and its own in news; pairs of words
that follow each other have one beyond that. With --cross-validate it tells only how well it foretells articles that it
has not seen, and writes nothing.
"""
import argparse
import collections
import os

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import LinearOperator, cg

from paths import LISTS, words
from lexicon import FEATURES, Knowledge, stem
from ratings import NEWS, TARGETED, build_model, load

MORE_WORDS, PENALTY, FOLDS, SEED = 2.0, 1.5, 10, 3
# The larger a block's scale, the less its coefficients are held back.
SCALES = {'features': 1.4, 'word': .5, 'stem': .4, 'pair': .5, 'word_here': .7, 'bias': 3.0}
WORD_USES, PAIR_USES = 2, 2
TRUST = {NEWS: 1.5, TARGETED: .7}
TRUST_OTHERS = .3

# Of the score: a rating of 2 is 0.71; weights are so that the norm of 16 words is 1.
RATING_NORM, USUAL_WORDS = 2.0, 16
UNIT = 1 / (RATING_NORM * (USUAL_WORDS + MORE_WORDS) ** .5)
LEAD = 1.5
LEAST_WEIGHT, LEAST_PAIR, LEAST_OPINION = 100, 200, 900


def count(rows, columns, values, shape):
    return sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)


class Design:
    """The matrices of the regression: `dense` and `sparse` blocks side by side."""

    def __init__(self, rated, knowledge):
        self.kinds = sorted({r.kind for r in rated})
        self.kind = np.array([r.kind for r in rated])
        self.groups = np.array([r.group for r in rated])
        self.rating = np.array([r.rating for r in rated], np.float32)
        self.trust = np.array([TRUST.get(r.kind, TRUST_OTHERS) for r in rated], np.float32)
        uses = collections.Counter(w for r in rated for w in {w for w, _, _ in r.words})
        pairs = collections.Counter(p for r in rated for p in self.pairs_of(r))
        self.words = sorted(uses)
        self.pairs = sorted(p for p, n in pairs.items() if n >= PAIR_USES)
        self.stems = sorted({stem(w) for w in self.words})
        self.often = np.array([uses[w] >= WORD_USES for w in self.words], np.float32)
        self.features = np.array([knowledge.features(w) for w in self.words], np.float32)
        self.fill(rated)

    @staticmethod
    def pairs_of(one):
        return [(one.words[i - 1][0], one.words[i][0]) for i in range(1, len(one.words)) if one.words[i][2]]

    def fill(self, rated):
        at, pair_at = {w: i for i, w in enumerate(self.words)}, {p: i for i, p in enumerate(self.pairs)}
        stem_at = {s: i for i, s in enumerate(self.stems)}
        scale = sparse.diags(np.array([(len(r.words) + MORE_WORDS) ** -.5 for r in rated], np.float32))
        cells = [(i, at[w], x) for i, r in enumerate(rated) for w, x, _ in r.words]
        word = scale @ count(*zip(*cells), (len(rated), len(self.words)))
        cells = [(i, pair_at[p], 1) for i, r in enumerate(rated) for p in self.pairs_of(r) if p in pair_at]
        pair = scale @ count(*zip(*cells), (len(rated), len(self.pairs)))
        self.to_stem = count(range(len(self.words)), [stem_at[stem(w)] for w in self.words],
                             np.ones(len(self.words)), (len(self.words), len(self.stems)))
        often = word @ sparse.diags(self.often)
        bias = np.stack([(self.kind == k) * scale.diagonal() for k in self.kinds], 1)
        self.dense = np.hstack([word @ self.features * SCALES['features'], bias * SCALES['bias']]).astype(np.float32)
        here = [sparse.diags((self.kind == k).astype(np.float32)) @ often * SCALES['word_here'] for k in self.kinds]
        self.sparse = sparse.hstack([often * SCALES['word'], word @ self.to_stem * SCALES['stem'], pair * SCALES['pair'],
                                     *here]).tocsr()

    def fit(self, rows):
        """Coefficients by conjugate gradients; the dense part is solved exactly in each step."""
        root = np.sqrt(self.trust[rows])
        dense, cells, y = self.dense[rows] * root[:, None], sparse.diags(root) @ self.sparse[rows], self.rating[rows] * root
        turned, n = cells.T.tocsr(), dense.shape[1]
        inverse = np.linalg.inv(dense.T @ dense + PENALTY * np.eye(n))
        diagonal = np.asarray(cells.power(2).sum(0)).ravel() + PENALTY

        def normal(x):
            z = dense @ x[:n] + cells @ x[n:]
            return np.concatenate([dense.T @ z, turned @ z]) + PENALTY * x

        size = n + cells.shape[1]
        operator = LinearOperator((size, size), matvec=normal, dtype=np.float32)
        condition = LinearOperator((size, size), dtype=np.float32,
                                   matvec=lambda x: np.concatenate([inverse @ x[:n], x[n:] / diagonal]))
        goal = np.concatenate([dense.T @ y, turned @ y])
        return cg(operator, goal, M=condition, rtol=2e-3, maxiter=80)[0]

    def foretell(self, x, rows):
        n = self.dense.shape[1]
        return self.dense[rows] @ x[:n] + self.sparse[rows] @ x[n:]

    def part(self, x, at, size):
        return x[at:at + size], at + size

    def weights(self, x, knowledge, more):
        """(bias, word → weight, pair → weight) in news; `more` are words that no rated text has."""
        by_feature, at = self.part(x, 0, FEATURES)
        biases, at = self.part(x, at, len(self.kinds))
        own, at = self.part(x, at, len(self.words))
        by_stem, at = self.part(x, at, len(self.stems))
        by_pair, at = self.part(x, at, len(self.pairs))
        here = x[at + self.kinds.index(NEWS) * len(self.words):][:len(self.words)]
        known = by_feature * SCALES['features']
        weight = (self.features @ known + self.often * (own * SCALES['word'] + here * SCALES['word_here']) +
                  self.to_stem @ by_stem * SCALES['stem'])
        word = dict(zip(self.words, weight))
        stems = dict(zip(self.stems, by_stem * SCALES['stem']))
        word.update((w, knowledge.features(w) @ known + stems.get(stem(w), 0)) for w in more if w not in word)
        return (biases[self.kinds.index(NEWS)] * SCALES['bias'], word, dict(zip(self.pairs, by_pair * SCALES['pair'])))


def squash(x):
    return x / np.sqrt(1 + x * x)


def article_means(groups, values):
    return np.array([values[groups == g].mean() for g in sorted(set(groups))])


def cross_validate(design):
    """Articles of the news set are held out by turns; all else stays."""
    news = design.kind == NEWS
    articles = sorted(set(design.groups[news]))
    np.random.RandomState(SEED).shuffle(articles)
    fold = {a: i % FOLDS for i, a in enumerate(articles)}
    turn = np.array([fold.get(g, -1) for g in design.groups])
    said = np.zeros(len(turn))
    for i in range(FOLDS):
        said[turn == i] = design.foretell(design.fit(turn != i), turn == i)
    said, rating, groups = squash(said[news] / RATING_NORM), design.rating[news], design.groups[news]
    means = np.corrcoef(article_means(groups, said), article_means(groups, rating))[0, 1]
    print(f'news, held out by article, {FOLDS} parts: r {np.corrcoef(said, rating)[0, 1]:.3f}, of article means {means:.3f}')
    return said, rating


def best_thresholds(score, rating):
    """(negative, positive) that agree best, in macro-F1, with ratings beyond half a point."""
    truth = np.sign(np.where(abs(rating) > .5, rating, 0))

    def macro(low, high):
        label = np.where(score < low, -1, np.where(score > high, 1, 0))
        return np.mean([2 * ((label == k) & (truth == k)).sum() / max(1, (label == k).sum() + (truth == k).sum())
                        for k in (-1, 0, 1)])

    steps = np.arange(0, .5, .02)
    return max(((-low, high) for low in steps for high in steps), key=lambda t: macro(*t))


def write_lists(bias, word, pair, thresholds):
    scaled = lambda x: int(round(float(x) * UNIT * 10000))
    with open(os.path.join(LISTS, 'word_weights.tsv'), 'w', encoding='utf-8') as out:
        out.writelines(f'{w}\t{scaled(x)}\n' for w, x in sorted(word.items()) if w and abs(scaled(x)) >= LEAST_WEIGHT)
    with open(os.path.join(LISTS, 'pair_weights.tsv'), 'w', encoding='utf-8') as out:
        out.writelines(f'{a}\t{b}\t{scaled(x)}\n' for (a, b), x in sorted(pair.items()) if abs(scaled(x)) >= LEAST_PAIR)
    norm = RATING_NORM * UNIT * 10000
    settings = {'sentence_bias': scaled(bias), 'document_bias': LEAD * scaled(bias), 'sentence_norm': norm,
                'document_norm': norm * LEAD ** .5, 'more_words': MORE_WORDS * 10000, 'opinion_least': LEAST_OPINION,
                'threshold_negative': thresholds[0] * 10000, 'threshold_positive': thresholds[1] * 10000}
    with open(os.path.join(LISTS, 'sentiment.txt'), 'w', encoding='utf-8') as out:
        out.write('# Written by training/sentiment/train_words.py: settings that were learned, in 10^-4.\n')
        out.writelines(f'{name} {round(value)}\n' for name, value in settings.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--program', required=True)
    parser.add_argument('--cross-validate', action='store_true')
    for name in ('data', 'work', 'model'):
        parser.add_argument(name)
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    rated = load(options.data, options.work, options.program, options.model)
    knowledge = Knowledge(options.data, [words(r.text) for r in rated])
    design = Design(rated, knowledge)
    said, rating = cross_validate(design)
    if not options.cross_validate:
        more = set().union(*knowledge.lexicons.values())
        write_lists(*design.weights(design.fit(np.ones(len(rated), bool)), knowledge, more), best_thresholds(said, rating))
        build_model(options.model)


if __name__ == '__main__':
    main()
