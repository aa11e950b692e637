"""How words are folded and hashed: the same as process/text does it."""
import re
import unicodedata

import xxhash

FOLD_FIRST, FOLD_END = 0xC0, 0x250
SPECIAL = {'ß': 'ss', 'æ': 'ae', 'Æ': 'ae', 'ø': 'o', 'Ø': 'o', 'œ': 'oe', 'Œ': 'oe', 'ł': 'l', 'Ł': 'l', 'đ': 'd', 'Đ': 'd',
           'ð': 'd', 'Ð': 'd', 'þ': 'th', 'Þ': 'th', 'ı': 'i', 'ħ': 'h', 'Ħ': 'h', 'ŋ': 'n', 'Ŋ': 'n', 'ə': 'e', 'Ə': 'e'}
MASK = (1 << 64) - 1
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][^\W_]*(?:[’'][^\W\d_]+)*|\d+[a-zA-Z]*", re.UNICODE)


def fold_character(c):
    """Up to four ASCII letters, or '' where the character stays as it is."""
    if c in SPECIAL:
        return SPECIAL[c]
    base = ''.join(x for x in unicodedata.normalize('NFD', c) if not unicodedata.combining(x)).lower()
    return base if base.isascii() and base.isalpha() and len(base) <= 4 else ''


def fold(word):
    out = []
    for c in word:
        if c == '’':
            out.append("'")
        elif c == '.':
            continue
        elif c < '\x80':
            out.append(c.lower())
        elif FOLD_FIRST <= ord(c) < FOLD_END:
            out.append(fold_character(c) or c)
        else:
            out.append(c)
    return ''.join(out)


def words(text):
    """The folded words of a name; a possessive ending is dropped, hyphens part words."""
    found = []
    for w in WORD.findall(text):
        w = fold(w)
        found.append(w[:-2] if w.endswith("'s") and len(w) > 2 else w)
    return found


def hash_word(folded):
    return xxhash.xxh3_64_intdigest(folded.encode())


def hash_name(folded_words):
    h = 0
    for w in folded_words:
        h = (((h << 23 | h >> 41) & MASK) ^ hash_word(w)) * 0x9E3779B97F4A7C15 & MASK
    return h
