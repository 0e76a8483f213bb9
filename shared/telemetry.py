"""Logs: structured, one line an event, with what looks personal masked before it is written."""

import logging
import re
from typing import Any

import structlog

_PERSONAL = re.compile(
    r"(?<![0-9a-zA-Z-])(\d{17}[\dXx]|1[3-9]\d{9}|[0-9A-HJ-NPQRTUWXY]{18}|\d{16,19})(?![0-9a-zA-Z-])"
)


def masked(value: Any) -> Any:
    """Identity, telephone, bank card and social-credit numbers become `***`."""
    if isinstance(value, str):
        return _PERSONAL.sub("***", value)
    return value


def _mask_all(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: masked(value) for key, value in event.items()}


def configure_logs(*, json: bool, level: str = "INFO") -> None:
    """Route our logs and the libraries' through one pipeline to standard error."""
    shared_steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_all,
    ]
    structlog.configure(
        processors=[*shared_steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "uvicorn.access", "faststream"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
