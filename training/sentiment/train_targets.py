"""Learn what a sentence says of those it names: three labels from a linear model over what stands around a mention.

usage: train_targets.py --dumper BUILD/training/sentiment/dump_targets [--cross-validate] DATA WORK MODEL.gwm

The features come from the program's own code (process/sentiment/target_walk.h) by way of dump_targets. Weights are learned by
logistic regression with a penalty that differs by place, calibrated on sentences held out by turns, rounded to bytes and
packed into MODEL. The roles that verbs give come last: what they add to what words say that have not seen the sentence, so that
nothing changes for who has no role. With --cross-validate nothing is written.
"""
import json
import os
import random
import struct
import subprocess
import sys

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import minimize, minimize_scalar

from options import read_options
from paths import TRAINING
from ratings import TARGETED, build_model

sys.path.insert(0, TRAINING)
import build_model as packer  # noqa: E402

FEATURE = np.dtype([('key', '<u8'), ('place', '<u4'), ('amount', '<i4')])
END = 0xFFFFFFFF
# As in process/: rows with a number of their own, and what counts as one.
KEYS, ONE, PLACES = 256, 16, 8
# By place: the larger, the less a weight is held back.
PLACE_SCALES = np.array([.2, .6, .6, .5, .5, .5, .5, .5], np.float32)
LEAST_TARGETS, PENALTY, ROUNDS, FOLDS, SEED = 3, 2.0, 120, 5, 1
NEGATIVE, NEUTRAL, POSITIVE = range(3)
# Keys of roles (enum gw_unit_key), told by nouns and by verbs. Of each role, some examples are made up: what is said around
# somebody without one, and the label that editors give to the role. News rarely has some of them, and an accuser would be
# as bad as the sentences in which people accuse; most are made of those of whom nothing at all is said.
ROLE_KEY, VERB_ROLE_KEY = 96, 160
NOUN_EXAMPLES, NEUTRAL_EXAMPLES, EXAMPLES = 5, 10, 40
ONLY_SPEAK = {'ACCUSER', 'CRITIC', 'DENIER', 'PRAISER', 'SPARED'}
SIGNS = {'GW_NEGATIVE': NEGATIVE, 'GW_NEUTRAL': NEUTRAL, 'GW_POSITIVE': POSITIVE}
SCALE = packer.SETTINGS['target_scale']


class Targets:
    """Labels, groups that must not be parted, and the features of each target."""

    def __init__(self, path, model, dumper):
        rows = [json.loads(line) for line in open(path, encoding='utf-8')]
        lines = ''.join(json.dumps({'body': row['sentence_normalized'],
                                    'targets': [{'start': int(t['from']), 'end': int(t['to'])} for t in row['targets']]})
                        + '\n' for row in rows)
        said = subprocess.run([dumper, model], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
        features = np.frombuffer(said, FEATURE)
        ends = features['place'] == END
        self.target = (np.cumsum(ends) - ends)[~ends]
        self.key, self.place = features['key'][~ends], features['place'][~ends].astype(np.int64)
        self.amount = features['amount'][~ends].astype(np.float32) / ONE
        self.label = np.array([int(float(t['polarity'])) // 2 - 1 for row in rows for t in row['targets']])
        self.group = np.array([row['primary_gid'].rsplit('_', 4)[0] for row in rows for _ in row['targets']])
        assert ends.sum() == len(self.label)

    def keys(self):
        """Keys that enough targets have."""
        keys, number = np.unique(self.key, return_inverse=True)
        pairs = np.unique(number.astype(np.int64) * len(self.label) + self.target)
        return keys[np.bincount(pairs // len(self.label), minlength=len(keys)) >= LEAST_TARGETS]

    def matrix(self, keys):
        at = np.minimum(np.searchsorted(keys, self.key), len(keys) - 1)
        known = keys[at] == self.key
        at, place = at[known], self.place[known]
        return sparse.csr_matrix((self.amount[known] * PLACE_SCALES[place], (self.target[known], at * PLACES + place)),
                                 shape=(len(self.label), len(keys) * PLACES))


def fit(x, label, before=0):
    """Weights, a column per label; `before` are logits that they add to."""
    turned, truth = x.T.tocsr(), np.eye(3)[label]

    def loss(flat):
        weights = flat.reshape(-1, 3)
        logits = x @ weights + before
        logits -= logits.max(1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(1, keepdims=True)
        value = -np.log(shares[np.arange(len(label)), label] + 1e-12).sum() + PENALTY / 2 * (weights ** 2).sum()
        return value, (turned @ (shares - truth) + PENALTY * weights).ravel()

    done = minimize(loss, np.zeros(x.shape[1] * 3), jac=True, method='L-BFGS-B', options={'maxiter': ROUNDS, 'maxcor': 8})
    return done.x.reshape(-1, 3)


def macro_f1(label, said):
    return 100 * np.mean([2 * ((label == k) & (said == k)).sum() / max(1, (label == k).sum() + (said == k).sum())
                          for k in range(3)])


def turns(group):
    """Of each target, the turn in which it is held out; a group is never parted."""
    groups = sorted(set(group))
    random.Random(SEED).shuffle(groups)
    turn = {g: i % FOLDS for i, g in enumerate(groups)}
    return np.array([turn[g] for g in group])


def held_out(turn, learn):
    """Logits of each target by `learn(which to learn from)(which to tell)`."""
    logits = np.zeros((len(turn), 3))
    for i in range(FOLDS):
        logits[turn == i] = learn(turn != i)(turn == i)
    return logits


def known_roles():
    """By key: its label, and how many examples are made up for it."""
    names, signs = (packer.table_rows('GW_VERB_ROLE_TABLE', os.path.join('sentiment', 'verb_frames.h'), i) for i in (0, 1))
    for i, (name, sign) in enumerate(zip(names, signs)):
        label = SIGNS[sign]
        yield ROLE_KEY + i, (label, NOUN_EXAMPLES)
        yield VERB_ROLE_KEY + i, (label, NEUTRAL_EXAMPLES if label == NEUTRAL and name not in ONLY_SPEAK else EXAMPLES)


def role_examples(known, words):
    """Rows, labels, and logits of the words around, taken from `words`."""
    counts = [count for _, count in known]
    column = np.repeat(np.arange(len(known)), counts)
    row = np.repeat(np.arange(len(column)), PLACES)
    places = (column[:, None] * PLACES + np.arange(PLACES)).ravel()
    cells = sparse.csr_matrix((np.tile(PLACE_SCALES, len(column)), (row, places)), shape=(len(column), len(known) * PLACES))
    around = words[np.random.RandomState(SEED).choice(len(words), len(column))]
    return cells, np.repeat([label for label, _ in known], counts), around


def fit_roles(known, roles, label, words):
    """Weights of roles on top of what the words around say."""
    having = np.asarray(abs(roles).sum(1)).ravel() > 0
    made, made_label, around = role_examples(known, words[~having])
    return fit(sparse.vstack([roles[having], made]).tocsr(), np.concatenate([label[having], made_label]),
               np.concatenate([words[having], around]))


def temperature(logits, label):
    """What logits are to be multiplied by, so that shares are what they say."""
    def loss(log_factor):
        z = logits * np.exp(log_factor)
        z = z - z.max(1, keepdims=True)
        return -(z[np.arange(len(label)), label] - np.log(np.exp(z).sum(1))).mean()
    return float(np.exp(minimize_scalar(loss, bounds=(-2, 1), method='bounded').x))


def pack(keys, weights, factor, goal):
    """Rows of bytes: for negative and for positive, against neutral. The first are found by number."""
    against = weights[:, [NEGATIVE, POSITIVE]] - weights[:, [NEUTRAL]]
    scaled = against.reshape(len(keys), PLACES, 2) * PLACE_SCALES[None, :, None] * factor * SCALE / ONE
    bytes_ = np.clip(np.rint(scaled), -127, 127).astype(np.int8)
    print(f'{(abs(scaled) > 127).mean():.2%} of the weights are cut, {(bytes_ == 0).mean():.0%} are 0')
    bytes_ = bytes_.transpose(0, 2, 1)
    rows = np.zeros((KEYS, 2, PLACES), np.int8)
    own = keys < KEYS
    rows[keys[own].astype(int)] = bytes_[own]
    more = (bytes_ != 0).any((1, 2)) & ~own
    entries = [(int(key), KEYS + i) for i, key in enumerate(keys[more])]
    sections = [packer.slots(entries), rows.tobytes() + np.ascontiguousarray(bytes_[more]).tobytes()]
    with open(goal, 'wb') as out:
        out.writelines(struct.pack('<Q', len(data)) + data for data in sections)
    print(f'{KEYS + len(entries)} rows, {sum(map(len, sections))} bytes')


def main():
    options = read_options(__doc__, 'dumper')
    targets = Targets(os.path.join(options.data, 'sentiment', TARGETED + '.jsonl'), options.model, options.dumper)
    keys = targets.keys()
    by_key = dict(known_roles())
    is_role = np.isin(keys, list(by_key))
    known = [by_key[int(key)] for key in keys[is_role]]
    x, roles, label, turn = targets.matrix(keys[~is_role]), targets.matrix(keys[is_role]), targets.label, turns(targets.group)

    def learn_words(seen):
        weights = fit(x[seen], label[seen])
        return lambda chosen: x[chosen] @ weights

    words = held_out(turn, learn_words)

    def learn_roles(seen):
        weights = fit_roles(known, roles[seen], label[seen], words[seen])
        return lambda chosen: words[chosen] + roles[chosen] @ weights

    logits = held_out(turn, learn_roles)
    factor = temperature(logits, label)
    print(f'held out by group of sentences, {FOLDS} parts: macro-F1 {macro_f1(label, logits.argmax(1)):.1f}, '
          f'{macro_f1(label, words.argmax(1)):.1f} without roles, temperature {1 / factor:.2f}')
    if not options.cross_validate:
        goal = os.path.join(options.work, 'targets.bin')
        weights = np.concatenate([fit(x, label), fit_roles(known, roles, label, words)])
        pack(np.concatenate([keys[~is_role], keys[is_role]]), weights, factor, goal)
        build_model(options.model, '--targets', goal)


if __name__ == '__main__':
    main()
