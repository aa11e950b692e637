"""Write the list of words that English news mostly writes in small letters.

usage: count_words.py TEXT... > lists/common.txt    (JSON lines with a `body`, or tab-separated lines, or plain text)
"""
import collections
import json
import re
import sys

from folding import fold

MIN_COUNT = 3
TOKEN = re.compile(r"([.!?:\n“\"]\s*|^)?([^\W\d_]+(?:[’'][^\W\d_]+)*)", re.UNICODE | re.MULTILINE)


def texts(path):
    for line in open(path, encoding='utf-8'):
        if path.endswith('.jsonl'):
            row = json.loads(line)
            yield row.get('body') or row.get('sentence_normalized') or ''
        else:
            yield line.rsplit('\t', 1)[-1]


def main(paths):
    small, capital = collections.Counter(), collections.Counter()
    for path in paths:
        for text in texts(path):
            for start, word in TOKEN.findall(text):
                if word.islower():
                    small[fold(word)] += 1
                elif not start:
                    capital[fold(word)] += 1
    for word in sorted(small):
        ending = word.endswith("'s") or word.endswith("s'")
        if small[word] >= MIN_COUNT and small[word] * 2 > capital[word] and not ending:
            print(word)


main(sys.argv[1:])
