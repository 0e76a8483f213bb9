"""How is viewer.html made of its readable parts? `python -m services.archive.verifier.build`."""

import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import orjson

from contracts.glossary import GLOSSARY
from services.archive.domain.sentences import SENTENCES
from services.archive.verifier import VIEWER

PARTS = Path(__file__).with_name("parts")
SCRIPTS = ("zip.js", "check.js", "tell.js", "view.js")


def words() -> bytes:
    """What the page says of events: the same templates and words as everywhere else."""
    sentences = {type: [one.zh, one.en] for type, one in SENTENCES.items()}
    glossary = {name: word for name, word in GLOSSARY.items() if "." in name}
    return orjson.dumps(
        {"sentences": sentences, "glossary": glossary}, option=orjson.OPT_SORT_KEYS
    )


def built(words: bytes) -> str:
    """The page as one file. Its policy lets nothing run but this script, and nothing be loaded."""
    parts = [(PARTS / name).read_text() for name in SCRIPTS]
    named = words.decode().replace("</", "<\\/").replace("<!--", "<\\!--")
    script = "\n".join(['"use strict";', f"const WORDS = {named};", *parts])
    style = (PARTS / "page.css").read_text()
    page = (PARTS / "page.html").read_text()
    for name, value in (
        ("{script}", _hash(script)),
        ("{style}", _hash(style)),
        ("{css}", style),
        ("{js}", script),
    ):
        page = page.replace(name, value, 1)
    return page


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def words_in(page: str) -> bytes:
    """The words that a page was built with."""
    start = page.index("const WORDS = ") + len("const WORDS = ")
    return page[start : page.index(";\n", start)].replace("<\\/", "</").encode()


def main() -> int:
    """Writes the page; `--check` says whether it is the one its parts make."""
    page = built(words())
    if "--check" in sys.argv[1:]:
        fresh = VIEWER.is_file() and VIEWER.read_text() == page
        print("viewer.html is fresh" if fresh else "viewer.html is stale: build it anew")
        return 0 if fresh else 1
    VIEWER.write_text(page)
    print(f"{VIEWER.name}  {len(page.encode())} B")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
