"""Configurations that several tests begin with."""


def kafka_to_kafka(broker, topics, **more):
    """The configuration, and its topics: articles, records, dead letters."""
    articles, found, letters = topics("articles"), topics("records"), topics("dead-letters")
    config = {
        "source": {"kafka": {"brokers": broker.bootstrap, "topics": [articles], "group": articles}},
        "sink": {"kafka": {"brokers": broker.bootstrap, "topic": found}},
        "dead_letters": {"kafka": {"brokers": broker.bootstrap, "topic": letters}},
        **more,
    }
    return config, articles, found, letters


def pull_push(source, sink, **more):
    return {"source": {"zeromq": {"pattern": "pull", "bind": [source]}},
            "sink": {"zeromq": {"pattern": "push", "bind": [sink]}}, **more}


def acked(source, sink, **more):
    return {"source": {"zeromq": {"pattern": "acked", "bind": [source]}},
            "sink": {"zeromq": {"pattern": "acked", "connect": [sink]}}, **more}
