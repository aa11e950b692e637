"""What the scripts that train are told on their command lines."""
import argparse
import os


def read_options(about, tool):
    """DATA WORK MODEL and the `tool` of ours that sees the text; makes WORK."""
    parser = argparse.ArgumentParser(description=about.split('\n')[0])
    parser.add_argument('--' + tool, required=True)
    parser.add_argument('--cross-validate', action='store_true')
    for name in ('data', 'work', 'model'):
        parser.add_argument(name)
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    return options
