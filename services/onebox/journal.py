"""Where does a running box write down what happens: one file, one JSON line an event."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from services.onebox.child import LOG_LIMIT
from shared.telemetry import configure_logs


def log_nowhere() -> None:
    """Before there is a file: what goes wrong is told on the screen, in a sentence."""
    configure_logs(json=True)
    logging.getLogger().handlers = [logging.NullHandler()]


def log_to(file: Path) -> None:
    """Send every log of this process to `file`; the four before it are kept."""
    configure_logs(json=True)
    root = logging.getLogger()
    into = RotatingFileHandler(file, maxBytes=LOG_LIMIT, backupCount=4, encoding="utf-8")
    into.setFormatter(root.handlers[0].formatter)
    root.handlers = [into]
    logging.captureWarnings(capture=True)
