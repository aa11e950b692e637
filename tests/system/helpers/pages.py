"""Reading the admin pages of an instance."""

import urllib.error
import urllib.request

from prometheus_client.parser import text_string_to_metric_families


def get(instance, path):
    """(status, text) of a page; (None, why) when nobody answers."""
    try:
        with urllib.request.urlopen(instance.admin() + path, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return None, str(error)


def samples(instance):
    """(name, labels without the worker, summed over workers) → value. The whole page must be as Prometheus wants it."""
    found = {}
    for family in text_string_to_metric_families(get(instance, "/metrics")[1]):
        assert family.documentation and family.type in ("counter", "gauge"), family
        for sample in family.samples:
            labels = tuple(sorted((key, value) for key, value in sample.labels.items() if key != "worker"))
            found[sample.name, labels] = found.get((sample.name, labels), 0) + sample.value
    return found
