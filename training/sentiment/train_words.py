"""Learn what words weigh in a score: ridge regression on rated texts, over what is known of the words.

usage: train_words.py --program BUILD/glosswire [--cross-validate] DATA WORK MODEL.gwm

Writes word_weights.tsv, pair_weights.tsv and sentiment.txt into training/lists, packs MODEL anew, and tells its card how good
scores are. A rating is (bias + the sum of weights) over the root of the words (and some more), so a weight learned from a
short text holds in a long one. A word's weight is the sum of what its features say, of its own, its stem's and its own in
news; pairs of words that follow each other have one beyond that. How good scores are is what the program says of each
article with weights that have not seen it; labels and confidences are learned from that. With --cross-validate nothing is
written.
"""
import collections
import os

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import LinearOperator, cg

from paths import LISTS, words
from emphasis import learn_emphasis
from held_out import HeldOut
from lexicon import FEATURES, Knowledge, stem
from options import read_options
from ratings import NEWS, TARGETED, build_model, copy_model, load

from card import fill_card

MORE_WORDS, PENALTY, FOLDS, SEED = 2.0, 1.5, 10, 3
# The larger a block's scale, the less its coefficients are held back.
SCALES = {'features': 1.4, 'word': .5, 'stem': .6, 'pair': .5, 'word_here': .7, 'bias': 3.0}
# An article's mean counts as much as so many times its sentences.
MEANS = 4.0
WORD_USES, PAIR_USES = 2, 2
TRUST = {NEWS: 1.5, TARGETED: .7}
TRUST_OTHERS = .3

# Of the score: a rating of 2 is 0.71; weights are so that the norm of 16 words is 1.
RATING_NORM, USUAL_WORDS = 2.0, 16
UNIT = 1 / (RATING_NORM * (USUAL_WORDS + MORE_WORDS) ** .5)
NORM = RATING_NORM * UNIT
LEAST_WEIGHT, LEAST_PAIR, LEAST_OPINION = 140, 200, 900


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
        self.add_means()

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

    def add_means(self):
        """A row for the mean of each article of the news."""
        news = np.flatnonzero(self.kind == NEWS)
        articles, at = np.unique(self.groups[news], return_inverse=True)
        size = np.bincount(at)
        mean = count(at, news, 1 / size[at], (len(articles), len(self.kind)))
        self.kind = np.concatenate([self.kind, np.full(len(articles), 'mean')])
        self.groups = np.concatenate([self.groups, articles])
        self.rating = np.concatenate([self.rating, mean @ self.rating])
        self.trust = np.concatenate([self.trust, (MEANS * size).astype(np.float32)])
        self.dense = np.vstack([self.dense, mean @ self.dense])
        self.sparse = sparse.vstack([self.sparse, mean @ self.sparse]).tocsr()

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

    def part(self, x, at, size):
        return x[at:at + size], at + size

    def weights(self, x, knowledge):
        """(bias, word → weight, pair → weight) in news, also of words of the lexicons that no rated text has."""
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
        more = set().union(*knowledge.lexicons.values()).difference(word)
        word.update((w, knowledge.features(w) @ known + stems.get(stem(w), 0)) for w in more)
        return (biases[self.kinds.index(NEWS)] * SCALES['bias'], word, dict(zip(self.pairs, by_pair * SCALES['pair'])))


def hold_out(design, knowledge, rated, options):
    """What the program says of the news when its weights have not seen the article."""
    said = HeldOut(rated)
    turn = said.turns(FOLDS, SEED)
    of_row = np.array([turn.get(group, -1) for group in design.groups])
    folder = os.path.join(options.work, 'part')
    os.makedirs(folder, exist_ok=True)
    for i in range(FOLDS):
        write_lists(folder, *design.weights(design.fit(of_row != i), knowledge), {})
        model = copy_model(options.model, os.path.join(options.work, 'part.gwm'))
        build_model(model, '--weights', folder)
        said.ask([article for article in turn if turn[article] == i], options.program, model)
    return said


def write_lists(folder, bias, word, pair, settings):
    scaled = lambda x: int(round(float(x) * UNIT * 10000))
    goal = lambda name: open(os.path.join(folder, name), 'w', encoding='utf-8')
    with goal('word_weights.tsv') as out:
        out.writelines(f'{w}\t{scaled(x)}\n' for w, x in sorted(word.items()) if w and abs(scaled(x)) >= LEAST_WEIGHT)
    with goal('pair_weights.tsv') as out:
        out.writelines(f'{a}\t{b}\t{scaled(x)}\n' for (a, b), x in sorted(pair.items()) if abs(scaled(x)) >= LEAST_PAIR)
    norm = NORM * 10000
    settings = {'sentence_bias': scaled(bias), 'document_bias': scaled(bias), 'sentence_norm': norm, 'document_norm': norm,
                'more_words': MORE_WORDS * 10000, 'opinion_least': LEAST_OPINION, **settings}
    with goal('sentiment.txt') as out:
        out.write('# Written by training/sentiment/train_words.py: settings that were learned, in 10^-4.\n')
        out.writelines(f'{name} {round(value)}\n' for name, value in settings.items())


def main():
    options = read_options(__doc__, 'program')
    rated = load(options.data, options.work, options.program, options.model)
    knowledge = Knowledge(options.data, [words(r.text) for r in rated])
    design = Design(rated, knowledge)
    said = hold_out(design, knowledge, rated, options)
    report = list(said.report())
    print('\n'.join(report))
    if not options.cross_validate:
        learned, settings = design.weights(design.fit(design.kind != ''), knowledge), said.settings()
        write_lists(LISTS, *learned, settings)
        build_model(options.model)
        emphasis, about = learn_emphasis(options.data, options.program, options.model, NORM)
        write_lists(LISTS, *learned, {**settings, **emphasis})
        build_model(options.model)
        fill_card(os.path.splitext(options.model)[0] + '.md', 'training/sentiment/train_words.py', [*report, '', about])


if __name__ == '__main__':
    main()
