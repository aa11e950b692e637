"""Annotate articles with a spaCy model, for evaluate.py to score beside the program.

usage: spacy_names.py MODEL ARTICLES.jsonl RECORDS.jsonl      prints words and the CPU seconds that finding names took

Only what finding names needs is run. Threads are the caller's matter: OMP_NUM_THREADS=1 gives figures of one core.
"""
import json
import sys
import time

import spacy


def main(model, articles, records):
    nlp = spacy.load(model, exclude=['tagger', 'parser', 'senter', 'attribute_ruler', 'lemmatizer'])
    rows = [json.loads(line) for line in open(articles, encoding='utf-8')]
    begun = time.process_time()
    documents = list(nlp.pipe((row['body'] for row in rows), batch_size=16))
    spent = time.process_time() - begun
    with open(records, 'w', encoding='utf-8') as out:
        for row, document in zip(rows, documents):
            names = [{'type': e.label_, 'mentions': [{'start': e.start_char, 'end': e.end_char}]} for e in document.ents]
            out.write(json.dumps({'id': row['id'], 'entities': names}) + '\n')
    print(sum(len(row['body'].split()) for row in rows), spent)


if __name__ == '__main__':
    main(*sys.argv[1:4])
