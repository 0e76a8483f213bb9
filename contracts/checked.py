"""What does a store say of itself after it was checked: what every service's `HistoryChecked` holds."""

from contracts.event import SafeText
from contracts.vocabulary import Count, Hash, Instant, Part, Word


class Difference(Part):
    """A kind of difference and where it was first met (差异).

    `place` is a position, a checkpoint, a tile, a sequence, or a table with its column: never a
    row's key or a value, since an intruder may have written those.
    """

    code: Word
    place: SafeText


class PartChecked(Part):
    """One part of a check (核对部分): `log` the events themselves, `views` every view made again
    from them, `stream` the copy on the bus; *open*.

    `compared` rows or messages up to `upto`, `found` differences; the first of them are named.
    """

    part: Word
    upto: Count
    compared: Count
    found: Count
    fingerprint: SafeText | None = None
    differences: tuple[Difference, ...] = ()


class Checked(Part):
    """The whole history of this service was checked against itself and its copies (历史核对; X-13).

    `upto` is the last position compared, `found` the number of differences, 0 for none. `check`
    is the number of the kept result, `report` the SHA-256 of its bytes, and `note` that of the
    note which the log's key signed over it. Said once for each check; a result that could not be
    said at once is said when the log takes events again. It belongs to no place: area 000000.
    """

    check: Count
    began_at: Instant
    ended_at: Instant
    upto: Count
    found: Count
    parts: tuple[PartChecked, ...]
    report: Hash
    note: Hash | None = None
