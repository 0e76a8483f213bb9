"""The words that screens use for codes, and the codes that are offered for open fields."""

from collections.abc import Mapping
from pathlib import Path

import yaml


def _read() -> Mapping[str, tuple[str, str | None]]:
    """`words.yaml`: code -> (中文, English or None)."""
    lines: Mapping[str, str] = yaml.safe_load(
        Path(__file__).with_name("words.yaml").read_text()
    )
    cut = {code: text.partition(" / ") for code, text in lines.items()}
    return {code: (zh, en or None) for code, (zh, _, en) in cut.items()}


WORDS = _read()
SUGGESTED: Mapping[str, tuple[str, ...]] = {
    "topic": ("agency", "procedure", "policy", "materials", "progress", "complaint"),
    "outcome": ("answered", "told_at_once", "matter_opened", "handed_over", "referred"),
}
"""Words that are often used in an open field of this name."""
