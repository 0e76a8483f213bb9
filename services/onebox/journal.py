"""Where does a running box write down what happens: one file, one JSON line an event."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from services.onebox.child import LOG_LIMIT
from shared.telemetry import configure_logs

_ours: logging.Handler | None = None


def log_nowhere() -> None:
    """Before there is a file: what goes wrong is told on the screen, in a sentence."""
    configure_logs(json=True)
    _only(logging.NullHandler())


def log_to(file: Path) -> None:
    """Send every log of this process to `file`; the four before it are kept."""
    configure_logs(json=True)
    root = logging.getLogger()
    into = RotatingFileHandler(file, maxBytes=LOG_LIMIT, backupCount=4, encoding="utf-8")
    into.setFormatter(root.handlers[0].formatter)
    _only(into)
    logging.captureWarnings(capture=True)


def _only(handler: logging.Handler) -> None:
    """`handler` and no other; a file that was written to before is closed."""
    global _ours
    if _ours is not None:
        _ours.close()
    logging.getLogger().handlers = [handler]
    _ours = handler
