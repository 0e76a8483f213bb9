"""Was this very thing handed in before (重复提交), and where is the first one?"""

from typing import Any

from contracts.event import Personal
from services.intake.domain.commands import FileApplication, ReceiveMaterial
from services.intake.domain.state import Matter
from shared.command import Command


def content_of(command: Command) -> tuple[Any, ...] | None:
    """What makes two submissions the same; None for what has no file to tell it by.

    A paper counts with its copies and its term: the same scan that comes with the original is
    news, since the original must be given back.
    """
    match command:
        case ReceiveMaterial(scans=Personal() as scans):
            return (
                "material", command.material, command.originals, command.copies,
                command.sheets, command.valid_until_on,
                *sorted(file["sha256"] for file in scans.reveal()),
            )  # fmt: skip
        case FileApplication(content=content, fields_hash=fields):
            said = fields.reveal() if fields is not None else None
            return "application", content.reveal()["sha256"], said
    return None


def first_of(command: Command, mark: str | None, state: Matter) -> str | None:
    """The piece, or the form and its revision, that said this first; None when it is new."""
    if mark is None:
        return None
    match command:
        case ReceiveMaterial():
            kept = (id for id, p in state.pieces.items() if p.mark == mark)
            return next((str(id) for id in kept if id not in state.replaced), None)
        case FileApplication():
            filed = state.entrusted.applications
            same = (
                form for form, known in state.entrusted.filed.items()
                if known == mark and command.form in (None, form)
            )  # fmt: skip
            return next((f"{form}/{filed[form]}" for form in same), None)
    return None
