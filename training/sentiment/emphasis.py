"""How much titles and first sentences tell of an article: of what news says throughout, without any ratings.

What the words of a part say is taken for its share in what the whole article says, and chance. A part's share is seen in how
it goes with one half of the other sentences, measured by how the two halves go with each other; the best weight of a part is
its share over the variance of its chance (Bartlett 1937, factor scores).
"""
import json
import os

import numpy as np

from ratings import annotate

NEWS = os.path.join('articles', 'news.jsonl')
LEAST_SENTENCES = 6


def sentence_sums(record, norm):
    """(is the title's, sum of weights, words) of each sentence; `norm` is that of one word."""
    rows = [[s.get('field') == 'title', s['rest'], (s['norm'] / norm) ** 2, s['end']] for s in record['sentences']]
    at = 0
    for marker in record['markers']:
        title = marker.get('field') == 'title'
        while rows[at][0] and not title or marker['start'] >= rows[at][3]:
            at += 1
        rows[at][1] += marker['weight']
    return np.array(rows, float)[:, :3]


def parts_of(sentences):
    """Rows (sum, words): the title, the first sentence, both halves of the others."""
    title, body = sentences[sentences[:, 0] == 1, 1:], sentences[sentences[:, 0] == 0, 1:]
    if len(title) and len(body) >= LEAST_SENTENCES:
        return [title.sum(0), body[0], body[1::2].sum(0), body[2::2].sum(0)]


def learn_emphasis(data, program, model, norm):
    """(settings, a line about them): how much a title and a first sentence count, where every other sentence counts 1."""
    rows = (json.loads(line) for line in open(os.path.join(data, NEWS), encoding='utf-8'))
    records = annotate(program, model, [{'id': row['id'], 'title': row['title'], 'body': row['body']} for row in rows
                                        if row.get('title')])
    sums, words = np.array([parts for record in records if (parts := parts_of(sentence_sums(record, norm)))]).transpose(2, 0, 1)
    together = np.cov((sums / words).T)
    share = (together[:2, 2] + together[:2, 3]) / 2 / together[2, 3]
    spread = (sums / np.sqrt(words)).var(0)
    chance = spread - words.mean(0) * np.append(share, (1, 1)) ** 2 * together[2, 3]
    emphasis = share / chance[:2] * chance[2:].mean()
    about = f'By {len(sums)} articles, a title counts {emphasis[0]:.2f} times, a first sentence {emphasis[1]:.2f} times.'
    return {'emphasis_title': round(emphasis[0], 1) * 10000, 'emphasis_lead': round(emphasis[1], 1) * 10000}, about
