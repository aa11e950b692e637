"""Turn a folder of data into the trainer's one format, and open sets in IOB into articles that score_ner.py scores.

usage: prepare_names.py train DATA OUT_DIR      one OUT_DIR/NAME.docs per corpus
       prepare_names.py open DATA OUT_DIR       the same, and what open corpora do not label is nothing
       prepare_names.py select DATA OUT_DIR     the same with each fifth document of open corpora in held_NAME.docs
       prepare_names.py articles SET.iob OUT.jsonl

A .docs file is a row of documents: a line `MODE DOMAIN BYTES SPANS SECOND`, the body, a line end, SPANS lines
`START END TYPE` in bytes, and SECOND lines more where a second annotator has labelled the same text. MODE says what a
missing label means: `full` nothing is there; `open` people, organisations and places are labelled; `news` the same, but
places without facilities.
"""
import functools
import glob
import gzip
import itertools
import json
import os
import random
import re
import sys

FULL = {'Person': 'PER', 'Organization': 'ORG', 'Location': 'LOC', 'Facility': 'FAC', 'NORP': 'NORP', 'Product': 'PROD',
        'Misc': 'MISC'}
OPEN = {'PER': 'PER', 'PERSON': 'PER', 'ORG': 'ORG', 'LOC': 'LOC', 'GPE': 'LOC', 'MISC': 'MISC', 'group': 'MISC',
        'person': 'PER', 'location': 'LOC', 'corporation': 'ORG', 'product': 'MISC', 'creative-work': 'MISC'}
SCORED = {'PER': 'Person', 'ORG': 'Organization', 'LOC': 'Location', 'MISC': 'Misc'}
NO_SPACE_BEFORE = re.compile(r"^(?:[.,:;!?%)\]}]|['’](?:s|re|ve|ll|d|m|t)?|n['’]t|\.\.\.)$", re.I)
DEMONYMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lists', 'demonyms.txt')
SENTENCE = re.compile(r'[^\s](?:[^.!?\n]|[.!?](?!\s))*[.!?]?')
CAPITALS_SHARE, TITLE_SHARE, STOPLESS_SHARE = 0.08, 0.05, 0.1
NO_SPACE_AFTER = re.compile(r'^[(\[{$£€#]$')


def trim(text, start, end):
    """As the scorer does it: no leading article, no possessive, no punctuation behind."""
    if text[start:end].lower().startswith('the '):
        start += 4
    if text[start:end].endswith(("'s", '’s')):
        end -= 2
    while end > start and text[end - 1] in ' .,;:"”’)\n':
        end -= 1
    return start, end


def write_document(out, mode, domain, body, spans, second=()):
    at = [0]
    for c in body:
        at.append(at[-1] + len(c.encode()))
    lists = [sorted({(*trim(body, s, e), k) for s, e, k in x}) for x in (spans, second)]
    out.write(f'{mode} {domain} {at[-1]} {len(lists[0])} {len(lists[1])}\n'.encode() + body.encode() + b'\n')
    for s, e, k in lists[0] + lists[1]:
        out.write(f'{at[s]} {at[e]} {k}\n'.encode())


def read_iob(path):
    """Documents of sentences of (token, tag)."""
    documents, sentence = [[]], []
    opened = gzip.open if path.endswith('.gz') else open
    for line in opened(path, 'rt', encoding='utf-8'):
        line = line.rstrip('\n')
        if line.startswith('# newdoc'):
            documents.append([])
        elif not line.strip():
            if sentence:
                documents[-1].append(sentence)
            sentence = []
        elif '\t' in line:
            token, tag = line.rsplit('\t', 1)
            sentence.append((token.split('\t')[-1] if token.startswith('\t') else token, tag))
    if sentence:
        documents[-1].append(sentence)
    return [d for d in documents if d]


def untokenise(document, between):
    """(body, [(start, end, type)]) with the spaces that writers put."""
    body, spans = '', []
    for sentence in document:
        opened, glue, quotes = None, True, 0
        if body:
            body += between
        for token, tag in sentence:
            quote = token in ('"', "''", '``')
            token = '"' if quote else token
            closes = quote and quotes % 2 == 1
            quotes += quote
            if not glue and not NO_SPACE_BEFORE.match(token) and not closes:
                body += ' '
            start = len(body)
            body += token
            glue = bool(NO_SPACE_AFTER.match(token)) or (quote and not closes)
            if token.startswith('@') or tag[0] not in 'BI':
                opened = None
            elif tag[0] == 'B' or opened is None or opened[2] != tag[2:]:
                opened = [start, len(body), tag[2:]]
                spans.append(opened)
            else:
                opened[1] = len(body)
    return body, [tuple(s) for s in spans]


def mapped(spans, table):
    return [(s, e, table[k]) for s, e, k in spans if k in table]


def read_demonyms():
    with open(DEMONYMS, encoding='utf-8') as lines:
        return {form.replace('|', ' ') for line in lines if line[0] != '#' for form in line.split()[1:]}


def name_peoples(body, spans, demonyms):
    """Of what open corpora call miscellaneous, peoples have a type of their own."""
    return [(s, e, 'NORP' if kind == 'MISC' and body[s:e] in demonyms else kind) for s, e, kind in spans]


def from_iob(path, out, held, mode, domain, table):
    """Every fifth document goes to `held`, unless it is None."""
    demonyms = read_demonyms() if mode == 'full' else ()
    for i, document in enumerate(read_iob(path)):
        body, spans = untokenise(document, '\n' if i % 2 else ' ')
        goal = held if held and i % HELD_EACH == 0 else out
        write_document(goal, mode, domain, body, name_peoples(body, mapped(spans, table), demonyms))


def from_worldwide(path, out, spoiled):
    for line in open(path, encoding='utf-8'):
        a = json.loads(line)
        spans = mapped(a['entities'], FULL)
        write_document(out, 'full', 'worldwide', a['body'], spans)
        write_document(spoiled, 'full', 'worldwide', *spoil(a['body'], spans, random.Random(a['body'])))


def title_case(text):
    """As headings are written: longer words begin with a capital."""
    return re.sub(r'[^\W\d_][\w’\']{3,}', lambda m: m.group()[0].upper() + m.group()[1:], text)


def spoil(body, spans, dice):
    """Some sentences as headings in capitals or in title case, some without their full stop."""
    out, kept = list(body), [True] * len(body)
    inside = {at for start, end, _ in spans for at in range(start, end)}
    for m in SENTENCE.finditer(body):
        roll, text = dice.random(), m.group()
        if roll < CAPITALS_SHARE + TITLE_SHARE:
            text = text.upper() if roll < CAPITALS_SHARE else title_case(text)
            if len(text) == m.end() - m.start():
                out[m.start():m.end()] = text
        if dice.random() < STOPLESS_SHARE and text.endswith('.') and m.end() - 1 not in inside:
            kept[m.end() - 1] = False
    where = [0, *itertools.accumulate(kept)]
    return ''.join(c for c, keeps in zip(out, kept) if keeps), [(where[s], where[e], kind) for s, e, kind in spans]


def align(document, body):
    """The spans of an IOB document in its own text."""
    at, spans, opened = 0, [], None
    for token, tag in (x for sentence in document for x in sentence):
        found = body.find(token, at, at + len(token) + 40)
        if found < 0:
            opened = None
            continue
        at = found + len(token)
        if tag[0] == 'B':
            opened = [found, at, tag[2:]]
            spans.append(opened)
        elif tag[0] == 'I' and opened and opened[2] == tag[2:]:
            opened[1] = at
        else:
            opened = None
    return spans


def read_ids(path):
    """IOB documents by the id in their `# newdoc` line."""
    ids = [m.group(1) for m in re.finditer(r'^# newdoc id = (\S+)', gzip.open(path, 'rt', encoding='utf-8').read(), re.M)]
    return dict(zip(ids, read_iob(path)))


def from_silver(data, out_news, out_abc):
    """News with two teachers' labels, and what only the second has seen."""
    first = read_ids(os.path.join(data, 'ner/silver.iob.gz'))
    second = {a['id']: a['entities'] for a in map(json.loads, gzip.open(os.path.join(data, 'ner/silver_corenlp.jsonl.gz'), 'rt'))}
    for name in ('news', 'abc'):
        for line in open(os.path.join(data, 'articles', name + '.jsonl'), encoding='utf-8'):
            a = json.loads(line)
            labels = mapped(second.get(a['id'], []), OPEN)
            if a['id'] in first:
                write_document(out_news, 'full', 'silver', a['body'], mapped(align(first[a['id']], a['body']), FULL), labels)
            elif a['id'] in second:
                write_document(out_abc, 'news', 'silver', a['body'], labels)


CORPORA = [
    ('wikigold', ['wikigold.train'], 'open'), ('crossner', ['crossner_*.train', 'crossner_*.dev', 'crossner_[!p]*.test'], 'open'),
    ('ewt', ['uner_ewt.dev'], 'open'), ('gum', ['gum_*.train', 'gum_*.dev'], 'open'),
    ('tweets', ['btc_*.train', 'wnut17.train'], 'open'),
]
TESTS = ['crossner_politics.test', 'wikigold.test', 'uner_ewt.test', 'pud_wiki.test']
HELD_EACH = 5


def corpus_paths(data, patterns):
    """The files of one row of CORPORA."""
    for pattern in patterns:
        yield from sorted(glob.glob(os.path.join(data, 'ner/open', pattern + '.iob')))


def prepare(data, goal, holds=False, exact=False):
    os.makedirs(goal, exist_ok=True)
    create = lambda name: open(os.path.join(goal, name + '.docs'), 'wb')
    for part in ('train', 'dev'):
        with create('worldwide_' + part) as out, create('spoiled_' + part) as spoiled:
            from_worldwide(os.path.join(data, f'ner/worldwide_{part}.jsonl'), out, spoiled)
    for name, patterns, mode in CORPORA:
        with create(name) as out, create('held_' + name) as held:
            for path in corpus_paths(data, patterns):
                from_iob(path, out, held if holds else None, 'full' if exact else mode, name, OPEN)
    for name in TESTS:
        with create('test_' + name.split('.')[0]) as out:
            from_iob(os.path.join(data, 'ner/open', name + '.iob'), out, None, 'open', name, OPEN)
    with create('news') as news, create('abc') as abc:
        from_silver(data, news, abc)


def write_articles(path, goal):
    with open(goal, 'w', encoding='utf-8') as out:
        for i, document in enumerate(read_iob(path)):
            body, spans = untokenise(document, '\n')
            spans = [(s, e, SCORED.get(OPEN.get(k), k)) for s, e, k in spans]
            out.write(json.dumps({'id': str(i), 'body': body, 'entities': spans}, ensure_ascii=False) + '\n')


COMMANDS = {'train': prepare, 'select': functools.partial(prepare, holds=True),
            'open': functools.partial(prepare, exact=True), 'articles': write_articles}

if __name__ == '__main__':
    COMMANDS[sys.argv[1]](*sys.argv[2:4])
