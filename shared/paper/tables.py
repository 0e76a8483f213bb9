"""How are application, register, evaluation, ledger and roster laid out? As ruled tables."""

from contracts.pack.rules import Instrument
from shared.paper.making import Making
from shared.paper.sheet import Block, Column, Grid, Listing

LEDGER_LINES = 14


def form_table(making: Making) -> tuple[Block, ...]:
    """申请表、登记表: every field of the form, its lists below, the signatures last."""
    fields = [id for id in making.form.fields if not making.field(id).rows and id != "number"]
    lists = [id for id in making.form.fields if making.field(id).rows]
    return (
        Grid(tuple(making.cell(id) for id in fields)),
        *(_list_of(making, id) for id in lists),
        *_signed(making),
    )


def _signed(making: Making) -> tuple[Block, ...]:
    if not making.form.signatures and not making.form.seal:
        return ()
    return (making.signatures(making.known.values.get("signed_on", "")),)


def _list_of(making: Making, id: str) -> Listing:
    field = making.field(id)
    return making.listing(field.rows, field.zh, field.en)


def evaluation(making: Making) -> tuple[Block, ...]:
    """评价表: the indicators against the levels of the scale, a box for each."""
    instrument = _instrument(making)
    named = {i.id for i in instrument.indicators} if instrument else set()
    cells = tuple(making.cell(id) for id in making.form.fields if id not in {*named, "level"})
    above = tuple(cell for cell in cells if not cell.tall)
    below = tuple(cell for cell in cells if cell.tall)
    return (
        *([Grid(above)] if above else []),
        *([_ratings(making, instrument)] if instrument else []),
        *([Grid(below)] if below else []),
        *([making.signatures()] if making.form.signatures else []),
    )


def _instrument(making: Making) -> Instrument | None:
    fields = set(making.form.fields)
    instruments = making.pack.evaluation.instruments
    for instrument in instruments:
        indicators = {indicator.id for indicator in instrument.indicators}
        if instrument.id == making.form.id or (indicators and indicators <= fields):
            return instrument
    return next((one for one in instruments if "level" in fields), None)


def _ratings(making: Making, instrument: Instrument) -> Listing:
    scale = next(s for s in making.pack.evaluation.scales if s.id == instrument.scale)
    levels = [v for v in scale.levels if not instrument.printed or v.id in instrument.printed]
    columns = (
        Column("序号", "No.", 2, centred=True),
        Column("评价指标", "Indicator", 8),
        *(Column(level.zh, "", 4, centred=True) for level in levels),
    )
    rated = [i.zh for i in instrument.indicators] or ["总体评价"]
    boxes = ("□",) * len(levels)
    return Listing(columns, tuple((str(n), zh, *boxes) for n, zh in enumerate(rated, 1)))


def ledger(making: Making) -> tuple[Block, ...]:
    """台账、名册: a column for each field, lines for the pen below what is known."""
    fields = [making.field(id) for id in making.form.fields if id != "serial"]
    columns = (
        Column("序号", "No.", 1, centred=True),
        *(Column(field.zh, field.en, 4 if field.wide else 3) for field in fields),
    )
    rows = making.known.lists.get(making.form.id, ())
    numbered = tuple((str(n), *row) for n, row in enumerate(rows, 1))
    blank = max(LEDGER_LINES - len(rows), 0)
    signed = [making.signatures()] if making.form.signatures or making.form.seal else []
    return (Listing(columns, numbered, blank), *signed)
