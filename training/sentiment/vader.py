"""VADER (Hutto and Gilbert 2014), to be scored beside the program."""
import json

PACKAGE = 'vaderSentiment'
# By its authors' thresholds.
LABELS = [(-0.05, 'negative'), (0.05, 'neutral'), (1.01, 'positive')]


def scores(texts):
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    analyzer = SentimentIntensityAnalyzer()
    return [analyzer.polarity_scores(text)['compound'] for text in texts]


def say(articles):
    """Records with what the scorer looks at."""
    rows = [json.loads(line) for line in articles.splitlines()]
    for article, score in zip(rows, scores(row['body'] for row in rows)):
        label = next(name for most, name in LABELS if score < most)
        yield json.dumps({'id': article['id'], 'sentiment': {'score': score},
                          'targets': [{'sentiment': {'label': label}} for _ in article.get('targets', ())]})
