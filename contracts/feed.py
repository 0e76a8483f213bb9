"""The envelope of a message in an agency's feed: where it stands there, and what it shows."""

from contracts.event import Envelope


class Feed(Envelope):
    """The speaker's envelope with the place in one agency's feed.

    `feedposition` is dense from 1, `feedprevious` the one before, `feedprevhash` the leaf hash of
    the message before (SHA-256 over a zero byte and its bytes). `viewhash` is over `data` as it is
    here, `leafhash` over the whole event: they differ when something is withheld.
    """

    feed: str
    feedposition: int
    feedprevious: int
    feedprevhash: str | None = None
    viewhash: str
