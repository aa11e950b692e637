"""Group words by the words around them: vectors from positive pointwise mutual information and a singular value
decomposition (Levy and Goldberg 2014), then k-means at three sizes. The same text gives the same groups.

usage: make_clusters.py [--open] DATA OUT.tsv    a line `WORD GROUP GROUP GROUP` per word; groups count from 1

--open takes the text of the open corpora's training parts alone.
"""
import collections
import json
import os
import sys

import numpy as np
import scipy.sparse as sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from folding import words
from prepare_names import CORPORA, corpus_paths, read_iob, untokenise

SOURCES = ('articles/news.jsonl', 'articles/abc.jsonl', 'ner/worldwide_train.jsonl')
OPEN_SOURCES = ('wikigold', 'crossner', 'ewt', 'gum', 'tweets')
# The first size fits the model's byte, with one number for words without a group and one beyond the sentence.
SIZES = (62, 300, 1000)
WORD_USES, CONTEXT_WORDS, DIMENSIONS, SEED = 4, 8000, 100, 1
OFFSETS = (-2, -1, 1, 2)


def read_texts(data):
    for source in SOURCES:
        for line in open(os.path.join(data, source), encoding='utf-8'):
            yield words(json.loads(line)['body'])


def read_open_texts(data):
    for name, patterns, _ in CORPORA:
        if name in OPEN_SOURCES:
            for path in corpus_paths(data, patterns):
                yield from (words(untokenise(document, '\n')[0]) for document in read_iob(path))


def count_contexts(texts, vocabulary):
    """Rows are words, columns the frequent words at each offset."""
    index = {w: i for i, w in enumerate(vocabulary)}
    rows, columns = [], []
    for text in texts:
        ids = np.array([index.get(w, -1) for w in text], dtype=np.int32)
        for k, offset in enumerate(OFFSETS):
            here = ids[max(0, -offset):len(ids) - max(0, offset)]
            there = ids[max(0, offset):len(ids) + min(0, offset)]
            both = (here >= 0) & (there >= 0) & (there < CONTEXT_WORDS)
            rows.append(here[both])
            columns.append(there[both] + k * CONTEXT_WORDS)
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    shape = (len(vocabulary), len(OFFSETS) * CONTEXT_WORDS)
    return sparse.coo_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape).tocsr()


def embed(counts):
    total = counts.sum()
    row = np.asarray(counts.sum(1)).ravel()
    column = np.asarray(counts.sum(0)).ravel() ** 0.75
    column *= total / column.sum()
    counts = counts.tocoo()
    weight = np.maximum(0, np.log(counts.data * total / (row[counts.row] * column[counts.col])))
    matrix = sparse.csr_matrix((weight, (counts.row, counts.col)), shape=counts.shape)
    left, scale, _ = randomized_svd(matrix, DIMENSIONS, random_state=SEED, n_iter=4)
    vectors = left * np.sqrt(scale)
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)


def frequent_words(texts, least):
    uses = collections.Counter(w for text in texts for w in text)
    return [w for w, n in sorted(uses.items(), key=lambda x: (-x[1], x[0])) if n >= least]


def make_clusters(texts, goal):
    vocabulary = frequent_words(texts, WORD_USES)
    vectors = embed(count_contexts(texts, vocabulary))
    groups = [MiniBatchKMeans(k, random_state=SEED, batch_size=4096, n_init=3).fit_predict(vectors) + 1 for k in SIZES]
    rows = sorted((w, *(int(g[i]) for g in groups)) for i, w in enumerate(vocabulary) if w[0].isalpha())
    with open(goal, 'w', encoding='utf-8') as out:
        out.writelines('\t'.join(map(str, row)) + '\n' for row in rows)
    print(f'{goal}: {len(rows)} words')


if __name__ == '__main__':
    data, goal = sys.argv[-2:]
    make_clusters(list((read_open_texts if '--open' in sys.argv else read_texts)(data)), goal)
