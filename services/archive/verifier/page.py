"""How is viewer.html made of its readable parts?"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import orjson

from contracts.glossary import GLOSSARY
from services.archive.domain.sentences import SENTENCES

PARTS = Path(__file__).with_name("parts")
SCRIPTS = ("zip.js", "check.js", "tell.js", "view.js")


def page() -> str:
    """viewer.html as one file; the same bytes from the same version of this software.

    Its policy lets nothing run but this script, and nothing be loaded.
    """
    parts = [(PARTS / name).read_text() for name in SCRIPTS]
    script = "\n".join(['"use strict";', f"const WORDS = {_words()};", *parts])
    style = (PARTS / "page.css").read_text()
    whole = (PARTS / "page.html").read_text()
    for name, value in (
        ("{script}", _hash(script)),
        ("{style}", _hash(style)),
        ("{css}", style),
        ("{js}", script),
    ):
        whole = whole.replace(name, value, 1)
    return whole


def _words() -> str:
    """What the page says of events: the same templates and words as everywhere else."""
    sentences = {type: [one.zh, one.en] for type, one in SENTENCES.items()}
    glossary = {name: word for name, word in GLOSSARY.items() if "." in name}
    words = orjson.dumps(
        {"sentences": sentences, "glossary": glossary}, option=orjson.OPT_SORT_KEYS
    )
    return words.decode().replace("</", "<\\/").replace("<!--", "<\\!--")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
