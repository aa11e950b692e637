"""Valences spread over WordNet: along synonyms, relations and glosses, from the words that lexicons know."""
import os

import numpy as np
import scipy.sparse as sparse

from paths import fold, words

DICTIONARY = '/usr/share/wordnet'
PARTS = {'n': 'noun', 'v': 'verb', 'a': 'adj', 's': 'adj', 'r': 'adv'}
# How much of a synset's valence goes along a pointer (wndb(5WN) has the symbols); opposites turn it round.
POINTERS = {'&': 1, '+': .8, '^': .5, '@': .35, '~': .25, '$': .6, '=': .3, '\\': .8, '<': .8, '*': .4, '>': .4, '!': -1}
ROUNDS, OWN = 6, .7
SYNSET, RELATED, GLOSS, GLOSS_GAIN, MOST = .5, .35, .35, 2, 3


def plain(word):
    return fold(word.split('(')[0])


def read_synsets():
    """key → (words, [(symbol, key)], gloss)"""
    synsets = {}
    for part in ('noun', 'verb', 'adj', 'adv'):
        for line in open(os.path.join(DICTIONARY, 'data.' + part), encoding='latin-1'):
            if line.startswith(' '):
                continue
            head, gloss = line.split('|', 1)
            fields = head.split()
            count = int(fields[3], 16)
            pointers = fields[5 + 2 * count:]
            links = [(pointers[i], PARTS[pointers[i + 2]] + pointers[i + 1])
                     for i in range(0, 4 * int(fields[4 + 2 * count]), 4)]
            synsets[part + fields[0]] = ([plain(w) for w in fields[4:4 + 2 * count:2]], links, gloss)
    return synsets


def sense_weights():
    """(word, synset) → weight: first senses and those seen in text count more."""
    weights = {}
    for part in ('noun', 'verb', 'adj', 'adv'):
        for line in open(os.path.join(DICTIONARY, 'index.' + part), encoding='latin-1'):
            if line.startswith(' '):
                continue
            fields = line.split()
            count = int(fields[2])
            tagged = min(int(fields[-count - 1]), 3)
            for i, offset in enumerate(fields[-count:]):
                weights[fold(fields[0]), part + offset] = (1 + .3 * tagged) / (1 + i)
    return weights


def normal_rows(rows, shape):
    r, c, v = zip(*rows)
    matrix = sparse.csr_matrix((v, (r, c)), shape=shape)
    return sparse.diags(1 / np.maximum(np.asarray(abs(matrix).sum(1)).ravel(), 1e-9)) @ matrix


class Net:
    def __init__(self, more_words):
        synsets, weights = read_synsets(), sense_weights()
        known = {w for group, _, _ in synsets.values() for w in group if '_' not in w}
        self.words = sorted(known | set(more_words))
        self.index = {w: i for i, w in enumerate(self.words)}
        self.glosses = [([w for w in group if '_' not in w], words(gloss)) for group, _, gloss in synsets.values()]
        number = {key: i for i, key in enumerate(synsets)}
        senses = [(self.index[w], number[key], weights.get((w, key), .2))
                  for key, (group, _, _) in synsets.items() for w in group if w in self.index]
        links = [(number[key], number[to], POINTERS[symbol]) for key, (_, pointers, _) in synsets.items()
                 for symbol, to in pointers if symbol in POINTERS]
        gloss = [(number[key], self.index[w], 1) for key, (_, _, text) in synsets.items()
                 for w in words(text.split(';')[0]) if w in self.index]
        n, m = len(self.words), len(synsets)
        self.to_words = normal_rows(senses, (n, m))
        self.to_synsets = normal_rows([(s, w, v) for w, s, v in senses], (m, n))
        self.related, self.gloss = normal_rows(links, (m, m)), normal_rows(gloss, (m, n))

    def spread(self, seed, known):
        """(valences where the seeds keep most of theirs, valences from others only)"""
        value, heard = seed.copy(), seed
        for _ in range(ROUNDS):
            synset = self.to_synsets @ value
            synset = (SYNSET * synset + RELATED * (self.related @ synset) +
                      GLOSS * np.clip(GLOSS_GAIN * (self.gloss @ value), -MOST, MOST))
            heard = self.to_words @ synset
            value = np.where(known, OWN * seed + (1 - OWN) * heard, heard)
        return value, heard
