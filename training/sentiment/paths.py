"""Puts training/ on the path, and takes from it what is asked for here."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TRAINING = os.path.dirname(HERE)
LISTS = os.path.join(TRAINING, 'lists')
sys.path.insert(0, TRAINING)

from folding import fold, hash_name, hash_word, words  # noqa: E402,F401
