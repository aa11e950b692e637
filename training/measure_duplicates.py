"""How far apart the simhashes of near-duplicates and of different stories on one event are.

usage: measure_duplicates.py --program BUILD/glosswire ARTICLES.jsonl

Near-duplicates are made of the articles: another title, a lead that is told anew with words of another article (its first
sentence, or that and the second paragraph), and two to four advertisements or links between the paragraphs. Different stories on one event are pairs that share rare words
but few shingles. Every article has a title and a body.
"""
import argparse
import collections
import itertools
import json
import math
import random
import re
import subprocess

WORD = re.compile(r"[^\W\d_][\w']*|\d+")
NOTICES = ['ADVERTISEMENT', 'Read more: {}', 'Also read: {}', 'RELATED: {}', 'Follow us on Facebook and Twitter for breaking news.',
           'Sign up for our daily newsletter and get the news in your inbox every morning.',
           'Download our app for the latest headlines, videos and live scores from around the world.',
           'Subscribe now and save 50 percent on your first year.']
WORDS_LEAST, WORDS_MOST = 150, 900
SAMPLE, PAIRS = 300, 400
NEAR, FAR = 6, 15


def words(text):
    return [w.lower() for w in WORD.findall(text)]


def retold(text, other, dice):
    """Half of its words, in another order, and as many of another article."""
    kept = words(text)
    dice.shuffle(kept)
    half = max(5, len(kept) // 2)
    return ' '.join(kept[:half] + dice.sample(words(other['body']), half)).capitalize() + '.'


def changed(article, others, dice, second=False):
    """The article as another outlet would print it; `second`: its second paragraph is another, too."""
    other = dice.choice(others)
    paragraphs = [p for p in re.split(r'\n+', article['body']) if p.strip()]
    first, *rest = re.split(r'(?<=[.!?])\s+', paragraphs[0])
    paragraphs[0] = ' '.join([retold(first, other, dice)] + rest)
    if second and len(paragraphs) > 1:
        paragraphs[1] = retold(paragraphs[1], other, dice)
    for _ in range(dice.randint(2, 4)):
        paragraphs.insert(dice.randint(1, len(paragraphs)), dice.choice(NOTICES).format(dice.choice(others)['title']))
    return {'id': article['id'] + ' changed', 'title': other['title'], 'body': '\n\n'.join(paragraphs)}


def shingles(article):
    found = words(article['body'])
    return {tuple(found[i:i + 3]) for i in range(len(found) - 2)}


def event_pairs(articles):
    """Pairs by falling likeness of their words, but for those that share a quarter of their shingles."""
    bags = [collections.Counter(words(a['body'])) for a in articles]
    document_count = collections.Counter(w for bag in bags for w in bag)
    vectors, places = [], collections.defaultdict(list)
    for i, bag in enumerate(bags):
        vector = {w: (1 + math.log(n)) * math.log(len(bags) / document_count[w]) for w, n in bag.items()}
        norm = math.sqrt(sum(x * x for x in vector.values()))
        vectors.append({w: x / norm for w, x in vector.items()})
        for w in sorted(vector, key=lambda w: (-vector[w], w))[:25]:
            places[w].append(i)
    candidates = {(i, j) for near in places.values() if len(near) <= 30 for i in near for j in near if i < j}
    likeness = lambda i, j: sum(x * vectors[j].get(w, 0) for w, x in vectors[i].items())
    for score, i, j in sorted(((likeness(i, j), i, j) for i, j in candidates), reverse=True):
        left, right = shingles(articles[i]), shingles(articles[j])
        if score >= 0.25 and len(left & right) < 0.25 * min(len(left), len(right)):
            yield articles[i]['id'], articles[j]['id']


def simhashes(program, articles):
    lines = '\n'.join(json.dumps({k: a[k] for k in ('id', 'title', 'body')}) for a in articles)
    done = subprocess.run([program, 'annotate', '--input', 'jsonl', '--output', 'jsonl', '-'], input=lines.encode(),
                          stdout=subprocess.PIPE, check=True)
    records = (json.loads(line) for line in done.stdout.splitlines())
    return {r['id']: int(r['fingerprint']['simhash'], 16) for r in records}


def report(name, distances, share, total):
    distances.sort()
    at = lambda part: distances[min(len(distances) - 1, int(len(distances) * part))]
    print(f'{name}: {len(distances)} pairs, least {distances[0]}, 1 % {at(0.01)}, median {at(0.5)}, 99 % {at(0.99)}, '
          f'most {distances[-1]}; {share} in {100 * total / len(distances):.1f} %')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--program', required=True)
    parser.add_argument('articles', help='JSON lines with id, title and body')
    options = parser.parse_args()
    dice = random.Random(1)
    articles = [json.loads(line) for line in open(options.articles, encoding='utf-8')]
    articles = [a for a in articles if a.get('title') and WORDS_LEAST < len(words(a['body'])) < WORDS_MOST]
    sample = dice.sample(articles, min(SAMPLE, len(articles)))
    variants = [changed(a, articles, dice) for a in sample]
    deeper = [dict(changed(a, articles, dice, second=True), id=a['id'] + ' changed deeper') for a in sample]
    hashes = simhashes(options.program, articles + variants + deeper)
    distance = lambda a, b: bin(hashes[a] ^ hashes[b]).count('1')
    near = [distance(v['id'], a['id']) for v, a in zip(variants, sample)]
    less_near = [distance(v['id'], a['id']) for v, a in zip(deeper, sample)]
    far = [distance(a, b) for a, b in itertools.islice(event_pairs(articles), PAIRS)]
    report('near-duplicates', near, f'{NEAR} or less', sum(d <= NEAR for d in near))
    report('with another second paragraph', less_near, f'{NEAR} or less', sum(d <= NEAR for d in less_near))
    report('stories on one event', far, f'{FAR} or more', sum(d >= FAR for d in far))


if __name__ == '__main__':
    main()
