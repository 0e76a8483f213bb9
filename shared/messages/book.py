"""Who is written to, by which channel, at which address (通讯录)? A file of the operator's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.messages.channels import Dropped, Gateway, Mailed, Printed
from shared.messages.outgoing import Channel

type Way = Literal["print", "drop", "smtp", "gateway"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Part):
    """One receiver: a body of the pack, `applicant`, `agent`, or a person's pseudonym.

    Without `area` it holds everywhere; a person's own entry goes before that of the body.
    """

    to: str = Field(min_length=1, max_length=80)
    area: str | None = Field(None, pattern=r"^[0-9]{6}$")
    channel: Way
    address: str = Field(min_length=1, max_length=200, pattern=r"^[^\r\n]+$")


class Smtp(_Part):
    """A mail server; the password stands in a file of its own."""

    host: str
    port: int = Field(25, ge=1, le=65535)
    sender: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    username: str | None = None
    password_file: Path | None = None
    tls: bool = False
    starttls: bool | None = None


class Http(_Part):
    """A gateway; its token stands in a file of its own."""

    url: str = Field(pattern=r"^https?://[^\s]+$")
    token_file: Path | None = None


class AddressBook(_Part):
    """Everything the room needs to send: entries and the ways out."""

    entries: tuple[Entry, ...] = ()
    print: Path | None = None
    drop: Path | None = None
    smtp: Smtp | None = None
    gateway: Http | None = None

    def find(self, area: str, to: str, person: str | None) -> Entry | None:
        """The person's entry, else the body's; that of the area before that for everywhere."""
        for wanted in (person, to):
            for place in (area, None):
                for entry in self.entries:
                    if entry.to == wanted and entry.area == place:
                        return entry
        return None

    def channels(self) -> Mapping[str, Channel]:
        """The ways out that are there."""
        found: dict[str, Channel] = {}
        if self.print is not None:
            found["print"] = Printed(self.print)
        if self.drop is not None:
            found["drop"] = Dropped(self.drop)
        if (mail := self.smtp) is not None:
            found["smtp"] = Mailed(
                mail.host,
                mail.port,
                mail.sender,
                mail.username,
                _secret(mail.password_file),
                mail.tls,
                mail.starttls,
            )
        if (http := self.gateway) is not None:
            found["gateway"] = Gateway(http.url, _secret(http.token_file))
        return found


def load_book(file: Path) -> AddressBook:
    """The book of a JSON file; raises `ValidationError` naming what is wrong."""
    return AddressBook.model_validate_json(file.read_bytes())


def _secret(file: Path | None) -> str | None:
    return file.read_text().strip() if file else None
