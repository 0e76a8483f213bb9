"""Onefile's client for agencies: rebuild from zero, keep up, park what fails, prove completeness."""

from onefile_client.events import Broken, Event, read
from onefile_client.handling import Handlers
from onefile_client.keys import Key
from onefile_client.reader import FeedDiffers, Incomplete, Proof, Reader
from onefile_client.source import Away, Refused, Source
from onefile_client.store import Parked, Store
from onefile_client.webhooks import NotGenuine, verified

__all__ = [
    "Away", "Broken", "Event", "FeedDiffers", "Handlers", "Incomplete", "Key", "NotGenuine",
    "Parked", "Proof", "Reader", "Refused", "Source", "Store", "read", "verified",
]  # fmt: skip
