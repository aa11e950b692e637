"""Scores of news by weights that have not seen it, and what is learned from them: labels and how sure they are."""
import importlib.util

import numpy as np
from scipy.optimize import minimize

import vader
from ratings import NEWS, annotate

from card import table

# Ratings within half a point are neutral.
BEYOND = .5
SURE_STEPS = (0, .4, .5, .6, .7, .8, 1.0)


class HeldOut:
    """Records of the snippets of the rated news, and of each article as a whole."""

    def __init__(self, rated):
        self.articles, self.records = {}, {}
        for one in rated:
            if one.kind == NEWS:
                self.articles.setdefault(one.group, []).append(one)

    def turns(self, parts, seed):
        """article → the part in which it is held out"""
        order = sorted(self.articles)
        np.random.RandomState(seed).shuffle(order)
        return {article: i % parts for i, article in enumerate(order)}

    def ask(self, articles, program, model):
        texts = [{'id': one.key, 'body': one.text} for article in articles for one in self.articles[article]]
        texts += [{'id': article, 'body': ' '.join(one.text for one in self.articles[article])} for article in articles]
        self.records.update((record['id'], record) for record in annotate(program, model, texts))

    def score(self, key):
        return self.records[key]['sentiment']['score']

    def snippets(self):
        """(scores, ratings) of all snippets"""
        return np.array([(self.score(one.key), one.rating) for article in self.articles.values() for one in article]).T

    def wholes(self):
        """(mean score of its snippets, score of the whole, mean rating) of all articles"""
        return np.array([(np.mean([self.score(one.key) for one in article]), self.score(key),
                          np.mean([one.rating for one in article])) for key, article in self.articles.items()]).T

    def by_system(self):
        """Rows of r: the program, and VADER on the same texts."""
        mean, whole, rating = self.wholes()
        rows = [['glosswire', *map(three, (r(*self.snippets()), r(mean, rating), r(whole, rating)))]]
        if importlib.util.find_spec(vader.PACKAGE):
            alone = [vader.scores(one.text for one in article) for article in self.articles.values()]
            together = vader.scores(' '.join(one.text for one in article) for article in self.articles.values())
            of_snippets = r(np.concatenate(alone), self.snippets()[1])
            rows.append(['VADER', *map(three, (of_snippets, r([np.mean(a) for a in alone], rating), r(together, rating)))])
        return rows

    def report(self):
        score, rating = self.snippets()
        low, high = best_thresholds(score, rating)
        label, truth = np.where(score < low, -1, np.where(score > high, 1, 0)), truths(rating)
        heads = ['r with the mean of twenty raters', 'snippets', 'means of articles', 'whole articles']
        yield from table(heads, self.by_system())
        yield from ['', f'A score below {low:.2f} is negative, above {high:.2f} positive; with ratings beyond half a point, '
                        f'macro-F1 is {100 * macro_f1(label, truth):.1f} %. Confidences:', '']
        sure = shares(fit_shares(score, truth), score)[np.arange(len(score)), label + 1]
        rows = []
        for least, end in zip(SURE_STEPS, SURE_STEPS[1:]):
            part = (sure >= least) & ((sure < end) | (end == SURE_STEPS[-1]))
            if part.any():
                rows.append([f'{least} to {end}', part.sum(), f'{100 * sure[part].mean():.1f}',
                             f'{100 * (label == truth)[part].mean():.1f}'])
        yield from table(['confidence', 'snippets', 'their mean', 'right'], rows)

    def settings(self):
        score, rating = self.snippets()
        low, high = best_thresholds(score, rating)
        names = ('negative_bias', 'negative_slope', 'positive_bias', 'positive_slope')
        learned = dict(zip(names, fit_shares(score, truths(rating))), threshold_negative=low, threshold_positive=high)
        return {name: 10000 * value for name, value in learned.items()}


def r(x, y):
    return np.corrcoef(x, y)[0, 1]


def three(value):
    return f'{value:.3f}'


def truths(rating):
    """-1, 0, 1: whether readers rate it beyond half a point."""
    return np.sign(np.where(abs(rating) > BEYOND, rating, 0)).astype(int)


def macro_f1(label, truth):
    return np.mean([2 * ((label == k) & (truth == k)).sum() / max(1, (label == k).sum() + (truth == k).sum())
                    for k in (-1, 0, 1)])


def best_thresholds(score, rating):
    """(negative, positive) that agree best, in macro-F1, with the readers."""
    def agreement(low, high):
        return macro_f1(np.where(score < low, -1, np.where(score > high, 1, 0)), truths(rating))

    steps = np.arange(0, .5, .02)
    return max(((-low, high) for low in steps for high in steps), key=lambda t: agreement(*t))


def shares(logits, score):
    """Of negative, neutral, positive."""
    negative, by_negative, positive, by_positive = logits
    z = np.stack([negative + by_negative * score, 0 * score, positive + by_positive * score], 1)
    powers = np.exp(z - z.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def fit_shares(score, truth):
    """Logits against neutral: bias and slope of negative, of positive."""
    def loss(logits):
        return -np.log(shares(logits, score)[np.arange(len(score)), truth + 1]).mean()
    return minimize(loss, (0, -5, 0, 5), method='BFGS').x
