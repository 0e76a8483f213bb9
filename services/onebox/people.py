"""Who are the demonstration people of a place, and with which project do they show the service."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.pack import POLICIES
from contracts.vocabulary import ActorId, AreaCode, BodyId, Word
from services.onebox.errors import PlatformError

FILE = "demo.yaml"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Read):
    """An invented person: `key` is how people at this machine call it, `id` its pseudonym."""

    key: Word
    id: ActorId
    zh: str
    post: str
    roles: tuple[Word, ...]
    areas: tuple[AreaCode, ...] = ()
    bodies: tuple[BodyId, ...] = ()


class Demo(_Read):
    """The demonstration data of one place; everything in it is invented."""

    format: Annotated[Literal["onefile.demo/v1"], Field(alias="schema")]
    area: AreaCode
    people: tuple[Person, ...]
    projects: dict[Word, dict[str, Any]] = {}

    def person(self, key: str) -> Person:
        """By key or id; raises KeyError."""
        for person in self.people:
            if key in (person.key, person.id):
                return person
        raise KeyError(key)


def load_demo(file: Path) -> Demo:
    """Raises `PlatformError` naming the file and what is wrong in it."""
    try:
        return Demo.model_validate(yaml.safe_load(file.read_text()))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise PlatformError(f"{file} is no demonstration data: {error}") from error


def demos(packs: Path | None = None) -> tuple[Demo, ...]:
    """Of every pack in `packs` (default: the shipped ones) that has demonstration data."""
    return tuple(load_demo(file) for file in sorted((packs or POLICIES).glob(f"*/{FILE}")))
