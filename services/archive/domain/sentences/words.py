"""What is one event type called in both languages?"""

from typing import NamedTuple


class Sentence(NamedTuple):
    """One event type in both languages."""

    zh: str
    en: str
