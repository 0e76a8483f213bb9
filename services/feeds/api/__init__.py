"""What may be asked over HTTP: by the agencies with their own keys, by our office with its tokens."""

from services.feeds.api.agency import router as agency
from services.feeds.api.office import router as office

__all__ = ["agency", "office"]
