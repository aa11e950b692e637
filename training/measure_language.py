"""How often the program knows the language of snippets.

usage: measure_language.py --program BUILD/glosswire [--size N] FOLDER

FOLDER has files CODE.txt, one sentence a line: en.txt, de.txt … Sentences are put together to snippets of N characters (200),
cut at a word. Sentences that nobody learned from are in the crates of the language identifier lingua, from newspapers and
other pages of the web (Leipzig Corpora Collection):

    cargo vendor    # of a Cargo.toml that names lingua-english-language-model and so on; then
    cp vendor/lingua-english-language-model/testdata/sentences.txt FOLDER/en.txt
"""
import argparse
import collections
import json
import os
import subprocess


def snippets(path, size):
    text = ''
    for line in open(path, encoding='utf-8'):
        text = f'{text} {line.strip()}'.strip()
        if len(text) >= size:
            cut = text[:size]
            yield cut[:cut.rindex(' ')] if ' ' in cut else cut
            text = ''


def languages_of(program, texts):
    lines = '\n'.join(json.dumps({'body': text}) for text in texts)
    done = subprocess.run([program, 'annotate', '--input', 'jsonl', '--output', 'jsonl', '-'], input=lines.encode(),
                          stdout=subprocess.PIPE, check=True)
    return [json.loads(line)['language'] for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--program', required=True)
    parser.add_argument('--size', type=int, default=200)
    parser.add_argument('folder')
    options = parser.parse_args()
    shares, wrong = [], collections.Counter()
    for name in sorted(os.listdir(options.folder)):
        code = name.removesuffix('.txt')
        texts = list(snippets(os.path.join(options.folder, name), options.size))
        found = languages_of(options.program, texts)
        shares.append(found.count(code) / len(texts))
        wrong.update((code, other) for other in found if other != code)
        print(f'{code}  {len(texts)} snippets, {100 * shares[-1]:.1f} % right')
    print(f'all of {len(shares)} languages: {100 * sum(shares) / len(shares):.2f} % right; most often wrong:',
          ', '.join(f'{code} as {other or "none"} {n}' for (code, other), n in wrong.most_common(8)))


if __name__ == '__main__':
    main()
