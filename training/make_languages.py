"""Write process/document/language_words.c: the words by which languages are told apart, from wordfreq's lists.

usage: make_languages.py > process/document/language_words.c    (then clang-format it)
"""
import bisect
import collections
import math
import unicodedata

import wordfreq

from folding import fold, hash_word

# ISO 639-1, English first; those at the end have no words and are known by their script. A number is how many words a
# language has here: Danish and Norwegian share so many that they need more.
LANGUAGES = {'en': 500, 'de': 500, 'fr': 500, 'es': 700, 'it': 500, 'pt': 500, 'nl': 500, 'sv': 700, 'da': 1500, 'no': 1500,
             'fi': 1000, 'pl': 600, 'cs': 800, 'hr': 500, 'ro': 500, 'hu': 600, 'tr': 1000, 'id': 500, 'vi': 300, 'ru': 700,
             'uk': 800, 'bg': 500, 'el': 300, 'he': 700, 'ar': 600, 'fa': 500, 'hi': 300, 'zh': 0, 'ja': 0, 'ko': 0, 'th': 0}
LISTS = {'no': 'nb', 'hr': 'sh'}

# A word's weight is the logarithm, in eighths, of how much more often the language has it than it has a word that is
# not listed.
UNLISTED, SCALE, WEIGHT_MOST = 1e-5, 8, 63
TAG_BITS, LANGUAGE_BITS, WEIGHT_BITS, BUCKET_BITS = 20, 6, 6, 11

HEAD = '''/* Words by which languages are told apart. Made by training/make_languages.py from the lists of wordfreq (R. Speer), CC BY-SA
 * 4.0: see NOTICE. */
#include "process/document/language_words.h"

const char gw_language_codes[GW_LANGUAGE_COUNT][3] = {%s};

const uint32_t gw_language_words[GW_LANGUAGE_WORD_COUNT] = {
%s,
};

const uint16_t gw_language_buckets[GW_LANGUAGE_BUCKET_COUNT + 1] = {
%s,
};
'''


def frequent_words(language, count):
    frequencies = collections.Counter()
    if count:
        for word, frequency in wordfreq.get_frequency_dict(LISTS.get(language, language), 'small').items():
            if all(c == "'" or unicodedata.category(c)[0] in 'LM' for c in word):
                frequencies[fold(word)] += frequency
    return sorted(frequencies.items(), key=lambda item: (-item[1], item[0]))[:count]


def entries():
    for number, (language, count) in enumerate(LANGUAGES.items()):
        for word, frequency in frequent_words(language, count):
            weight = max(1, min(WEIGHT_MOST, round(math.log(frequency / UNLISTED) * SCALE)))
            tag = hash_word(word) >> (64 - TAG_BITS)
            yield tag << (LANGUAGE_BITS + WEIGHT_BITS) | number << WEIGHT_BITS | weight


def table(cells, width):
    return ',\n'.join('    ' + ', '.join(cells[i:i + width]) for i in range(0, len(cells), width))


def main():
    rows = sorted(entries())
    buckets = [bisect.bisect_left(rows, i << (32 - BUCKET_BITS)) for i in range((1 << BUCKET_BITS) + 1)]
    print(HEAD % (', '.join(f'"{code}"' for code in LANGUAGES), table([f'0x{row:08x}' for row in rows], 9),
                  table([str(at) for at in buckets], 16)), end='')


if __name__ == '__main__':
    main()
