"""Who are the demonstration people of a place, and which story do they show the service with."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.pack import POLICIES
from contracts.vocabulary import ActorId, AreaCode, BodyId, ItemCode, Word
from services.onebox.errors import PlatformError

FILE = "demo.yaml"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Read):
    """An invented person: `key` is how people at this machine call it, `id` its pseudonym.

    `place` is the area of the demonstration data it stands in: a key is unique there alone.
    """

    key: Word
    id: ActorId
    zh: str
    post: str
    roles: tuple[Word, ...]
    areas: tuple[AreaCode, ...] = ()
    bodies: tuple[BodyId, ...] = ()
    place: AreaCode | None = None

    def called(self, name: str) -> bool:
        """Whether `name` means this person: an id, `<area>/<key>`, or a key."""
        return name in (self.id, f"{self.place}/{self.key}", self.key)


class Story(_Read):
    """What is lived through: `project` with these `items` (none named: all that apply).

    `corrected` is the item the department asks a correction for; `other` the project that is
    not served in full, with `other_items` for what it is still helped with.
    """

    project: Word = "factory"
    items: tuple[ItemCode, ...] = ()
    corrected: ItemCode | None = None
    other: Word | None = None
    other_items: tuple[ItemCode, ...] = ()


class Demo(_Read):
    """The demonstration data of one place; everything in it is invented."""

    format: Annotated[Literal["onefile.demo/v1"], Field(alias="schema")]
    area: AreaCode
    people: tuple[Person, ...]
    projects: dict[Word, dict[str, Any]] = {}
    story: Story = Story()

    def person(self, key: str) -> Person:
        """By key or id; raises KeyError."""
        for person in self.people:
            if person.called(key):
                return person
        raise KeyError(key)


def load_demo(file: Path) -> Demo:
    """Raises `PlatformError` naming the file and what is wrong in it."""
    try:
        demo = Demo.model_validate(yaml.safe_load(file.read_text()))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise PlatformError(
            f"{file} 不是演示数据 · {file} is no demonstration data: {error}"
        ) from error
    people = tuple(one.model_copy(update={"place": demo.area}) for one in demo.people)
    return demo.model_copy(update={"people": people})


def demos(packs: Path | None = None) -> tuple[Demo, ...]:
    """Of every pack in `packs` (default: the shipped ones) that has demonstration data."""
    return tuple(load_demo(file) for file in sorted((packs or POLICIES).glob(f"*/{FILE}")))
