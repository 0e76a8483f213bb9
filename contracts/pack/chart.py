"""Where does everything on the flow chart (流程图) of a pack stand: lanes, stages, bars, ladders?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from contracts.pack import wording
from contracts.pack.wording import Lang

if TYPE_CHECKING:
    from contracts.pack import Pack
    from contracts.pack.rules import Ladder, Rung
    from contracts.pack.sections import ProcessStage

WIDTH, MARGIN = 1000, 24
GAP, SIDE, STRIP, WIDEST = 30, 216, 24, 230
PAD, SIZE, SMALL, LEAD = 7, 14, 12, 1.32
MOST_LANES = 6
"""More owners than A4 has room for share the last lane."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of writing; the estimate of its width fits the box it stands in."""

    words: str
    size: int


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its lines, named after what it shows (`stage:visit`, `lane:agent`)."""

    id: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from box to box; `kind` is `f` for the flow, `d` for escalation."""

    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, ready to be written down."""

    height: float
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[tuple[float, Text], ...]


def width_of(text: str, size: int = SIZE) -> float:
    """An estimate of how wide `text` is, rather too wide than too narrow."""
    wide = sum(1 if east_asian_width(c) in "WFA" else 0.58 for c in text)
    return wide * size


_CLOSING, _OPENING = frozenset("，。；：、！？）〕”’》,.;:!?)"), frozenset("（〔“‘《(")


def wrapped(text: str, width: float, size: int = SIZE) -> tuple[str, ...]:
    """`text` in lines that fit `width`; English breaks at spaces where it can."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _pieces(text: str) -> Iterator[str]:
    """What may stand at the start of a line: a wide character, or a word with its space.

    Closing marks stay with what they close, opening marks with what they open.
    """
    piece = ""
    for c in text:
        wide = east_asian_width(c) in "WFA"
        keeps = c in _CLOSING or piece[-1:] in _OPENING or not piece
        breaks = wide or piece[-1:] in " /-" or east_asian_width(piece[-1:] or "a") in "WFA"
        if not keeps and (breaks or len(piece) >= 14):
            yield piece
            piece = ""
        piece += c
    if piece:
        yield piece


def chart_of(pack: "Pack", lang: Lang = "zh") -> Chart:
    """The chart of a pack: lanes and rows, bars, ladders, arrows and notes."""
    return _Layout(pack, lang).chart()


class _Layout:
    """Works the places out, top down; every method adds what it places."""

    def __init__(self, pack: "Pack", lang: Lang) -> None:
        self.pack, self.lang = pack, lang
        self.steps = [stage for stage in pack.process if not stage.continuous]
        self.bars = [stage for stage in pack.process if stage.continuous]
        self.lanes = _lanes(self.steps)
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.left = MARGIN + STRIP * len(self.bars) + (8 if self.bars else 0)
        self.right = WIDTH - MARGIN - (SIDE + 24 if pack.ladders else 0)
        self.lane = (self.right - self.left) / max(1, len(self.lanes))
        heads = [_tall(self._owners(owners)) for owners in self.lanes]
        self.head = max(heads, default=0.0)
        self.at: dict[str, Box] = {}

    def chart(self) -> Chart:
        notes = list(self._heading())
        top = notes[-1][0] + 16
        bottom = self._rows(top + self.head + GAP * 0.8)
        self._flow()
        self._strips(top + self.head, bottom)
        side = self._ladders(top)
        bottom = max(bottom + 14, side + 10)
        lanes = [*self._lane_boxes(top, bottom)]
        end, legend = self._legend(bottom + 26)
        return Chart(
            end, self._title(), (*lanes, *self.boxes), tuple(self.arrows), (*notes, *legend)
        )

    # -- heading ------------------------------------------------------------------------------

    def _title(self) -> str:
        service = self.pack.terms.words.get("service", "帮办代办")
        place = self.pack.jurisdiction.zh
        return (
            f"{place}{service}服务流程图" if self.lang == "zh" else f"{place} {service}: flow"
        )

    def _heading(self) -> Iterator[tuple[float, Text]]:
        y = MARGIN + 20.0
        for line in wrapped(self._title(), WIDTH - 2 * MARGIN, 20):
            yield y, Text(line, 20)
            y += 26
        said = self.pack.instrument.title
        lost = any("流程图" in gap for gap in self.pack.instrument.gaps)
        if lost:
            zh = "来文的流程图缺失或不全，本图由政策包推绘"
            said += f"。{zh}" if self.lang == "zh" else f". {zh} (inferred from the pack)"
        for line in wrapped(said, WIDTH - 2 * MARGIN, SMALL):
            yield y - 4, Text(line, SMALL)
            y += 17

    # -- lanes and stages ---------------------------------------------------------------------

    def _lane_boxes(self, top: float, bottom: float) -> Iterator[Box]:
        for n, owners in enumerate(self.lanes):
            x = self.left + n * self.lane
            yield Box(f"lane:{owners[0]}", "lane", x, top, self.lane, bottom - top)
            lines = self._owners(owners)
            yield Box(f"owner:{owners[0]}", "head", x, top, self.lane, self.head, lines)

    def _owners(self, owners: Sequence[str]) -> tuple[Text, ...]:
        """Who owns a lane; posts that share one are named in their boxes."""
        shared = "其他岗位" if self.lang == "zh" else "other posts"
        return self._lines([self._role(owners[0]) if len(owners) == 1 else shared], self.lane)

    def _rows(self, y: float) -> float:
        """Place the stages row by row; ways to the same end by other doors share a row."""
        for row in _row_groups(self.steps, self.lanes):
            boxes = [self._stage(stage, y) for stage in row]
            tall = max(box.height for box in boxes)
            for box in boxes:
                grown = Box(box.id, box.kind, box.x, y, box.width, tall, box.lines)
                self.boxes.append(grown)
                self.at[box.id] = grown
            y += tall + GAP
        return y - GAP

    def _stage(self, stage: "ProcessStage", y: float) -> Box:
        width = min(self.lane - 14, WIDEST)
        name = [self._name(stage)] if self.lang == "zh" else self._name(stage).split(" ", 1)
        lines = self._lines(name, width, SIZE)
        lines += self._lines(self._remarks(stage), width, SMALL)
        x = self.left + (_lane_of(stage, self.lanes) + 0.5) * self.lane - width / 2
        return Box(f"stage:{stage.id}", "stage", x, y, width, _tall(lines), lines)

    def _remarks(self, stage: "ProcessStage") -> list[str]:
        zh = self.lang == "zh"
        comma = "、" if zh else ", "
        said: list[str] = []
        others = stage.owner[1:]
        lane = self.lanes[_lane_of(stage, self.lanes)]
        if others or len(lane) > 1:
            said.append(comma.join(self._post(owner) for owner in stage.owner))
        if len(stage.modes) < len(self.pack.modes):
            names = comma.join(self.pack.mode(mode).zh for mode in stage.modes)
            said.append(f"〔{names}〕")
        if stage.channels and len(stage.channels) < len(self.pack.channels):
            kinds = {channel.id: channel.kind for channel in self.pack.channels}
            doors = dict.fromkeys(kinds[id] for id in stage.channels)
            said.append(comma.join(wording.word(kind, "kind", self.lang) for kind in doors))
        if stage.steps and zh:
            said.append(
                comma.join(wording.word(step, "steps", self.lang) for step in stage.steps)
            )
        if stage.fallback is not None:
            to = self._post(stage.fallback.to)
            said.append(
                f"{stage.fallback.when}：转{to}" if zh else f"{stage.fallback.when} → {to}"
            )
        if stage.at_once:
            said.append("立即" if zh else "at once")
        ends = wording.event(stage.done_when, self.lang)
        return [*said, f"→ {ends}"] if ends != stage.zh else said

    def _name(self, stage: "ProcessStage") -> str:
        if self.lang == "zh":
            return stage.zh
        return f"{wording.word(stage.canonical, 'canonical', 'en').capitalize()} {stage.zh}"

    def _role(self, id: str) -> str:
        """A post by its local name, in English after its canonical one."""
        post, local = self._post(id), self._local(id)
        return post if post == local else f"{post} {local}"

    def _post(self, id: str) -> str:
        if self.lang == "en":
            for role in self.pack.roles:
                if role.id == id:
                    return wording.word(role.canonical, "canonical", "en")
        return self._local(id)

    def _local(self, id: str) -> str:
        names = {body.id: body.zh for body in self.pack.bodies}
        names |= {role.id: role.zh for role in self.pack.roles}
        return names.get(id, id)

    def _lines(self, said: Sequence[str], width: float, size: int = SIZE) -> tuple[Text, ...]:
        room = width - 2 * PAD
        return tuple(Text(line, size) for one in said for line in wrapped(one, room, size))

    # -- arrows -------------------------------------------------------------------------------

    def _flow(self) -> None:
        """For each mode, from each of its stages to the next; side by side stages both lead on."""
        groups = _row_groups(self.steps, self.lanes)
        drawn: set[tuple[str, str]] = set()
        for mode in self.pack.modes:
            rows = [[s for s in row if mode.id in s.modes] for row in groups]
            walked = [row for row in rows if row]
            for here, there in pairwise(walked):
                for first in here:
                    for then in there:
                        pair = f"stage:{first.id}", f"stage:{then.id}"
                        if pair not in drawn:
                            drawn.add(pair)
                            self.arrows.append(self._arrow(*pair))

    def _arrow(self, first: str, then: str) -> Arrow:
        a, b = self.at[first], self.at[then]
        ax, bx = a.x + a.width / 2, b.x + b.width / 2
        below, above = a.y + a.height + GAP / 2, b.y - GAP / 2
        if above - below < 1:
            return Arrow("f", ((ax, a.y + a.height), (ax, above), (bx, above), (bx, b.y)))
        lane = _lane_at(bx, self.left, self.lane)
        side = self.left + (lane if bx >= ax else lane + 1) * self.lane
        way = (ax, a.y + a.height), (ax, below), (side, below), (side, above), (bx, above)
        return Arrow("f", (*way, (bx, b.y)))

    # -- what goes on throughout, and ladders -------------------------------------------------

    def _strips(self, top: float, bottom: float) -> None:
        """A bar for each continuous stage, from where it stands in the order to the end."""
        for n, stage in enumerate(self.bars):
            before = self.pack.process[: self.pack.process.index(stage)]
            starts = [self.at[f"stage:{s.id}"] for s in before if not s.continuous]
            y = max((box.y for box in starts), default=top + 6)
            x = MARGIN + n * STRIP
            name = stage.zh if self.lang == "zh" else ""
            upright = [c for c in name if bottom - y > (len(name) + 3) * SMALL * LEAD]
            label = tuple(Text(c, SMALL) for c in (_NUMBERS[n % len(_NUMBERS)], *upright))
            self.boxes.append(Box(f"bar:{stage.id}", "bar", x, y, STRIP - 6, bottom - y, label))

    def _ladders(self, top: float) -> float:
        x, y = WIDTH - MARGIN - SIDE, top
        for ladder in self.pack.ladders:
            lines = self._lines([f"{wording.section('ladders', self.lang)}：{ladder.zh}"], SIDE)
            title = Box(f"ladder:{ladder.id}", "ladder", x, y, SIDE, _tall(lines), lines)
            self.boxes.append(title)
            self._joined(ladder, title)
            y += title.height
            for n, rung in enumerate(ladder.rungs):
                box = self._rung(ladder, rung, x, y + 12)
                self.boxes.append(box)
                foot = title if n == 0 else self.boxes[-2]
                start = foot.x + foot.width / 2, foot.y + foot.height
                self.arrows.append(Arrow("d", (start, (box.x + box.width / 2, box.y))))
                y = box.y + box.height
            y += GAP
        return y

    def _rung(self, ladder: "Ladder", rung: "Rung", x: float, y: float) -> Box:
        zh = self.lang == "zh"
        act = wording.word(rung.do, "do", self.lang)
        lines = self._lines(
            [f"{rung.rung}  {rung.zh}" if zh else f"{rung.rung} {act}: {rung.zh}"], SIDE
        )
        fires = ("、" if zh else ", ").join(
            wording.word(signal, "fires", self.lang) for signal in rung.fires
        )
        said = [fires] if fires else []
        if rung.wait is not None:
            days = wording.days(rung.wait.days, rung.wait.unit, self.lang)
            said.append(f"等待{days}" if zh else f"after {days}")
        if rung.every is not None:
            days = wording.days(rung.every.days, rung.every.unit, self.lang)
            said.append(f"每{days}一次" if zh else f"every {days}")
        if rung.alternative:
            said.append("与同级择一" if zh else "or instead")
        lines += self._lines([("；" if zh else "; ").join(said)] if said else [], SIDE, SMALL)
        return Box(f"rung:{ladder.id}.{rung.id}", "rung", x, y, SIDE, _tall(lines), lines)

    def _joined(self, ladder: "Ladder", title: Box) -> None:
        """From the last lane to the ladder, where a stage that is drawn as a box names it."""
        for stage in self.steps:
            if stage.ladder == ladder.id:
                box = self.at[f"stage:{stage.id}"]
                middle = title.x - 12
                y = box.y + box.height + GAP * 0.28
                end = title.y + title.height / 2
                start = box.x + box.width - 10
                foot = (start, y - GAP * 0.28), (start, y)
                way = (*foot, (middle, y), (middle, end), (title.x, end))
                self.arrows.append(Arrow("d", way))

    def _legend(self, y: float) -> tuple[float, list[tuple[float, Text]]]:
        """The bars in words, and how to read the drawing."""
        zh = self.lang == "zh"
        names = {ladder.id: ladder.zh for ladder in self.pack.ladders}
        said: list[str] = []
        for n, stage in enumerate(self.bars):
            comma = "、" if zh else ", "
            owners = comma.join(self._role(owner) for owner in stage.owner)
            modes = comma.join(self.pack.mode(mode).zh for mode in stage.modes)
            until = wording.event(stage.done_when, self.lang)
            goes = f"贯穿全程，至{until}" if zh else f"goes on until {until}"
            climbs = f"；{names[stage.ladder]}" if stage.ladder in names else ""
            mark = _NUMBERS[n % len(_NUMBERS)]
            line = f"{mark} {self._name(stage)}〔{modes}〕：{owners}；{goes}{climbs}"
            said.append(line if zh else line.replace("：", ": ").replace("；", "; "))
        read = (
            "蓝框：环节（“→”后为完成的标志）　绿条：贯穿全程　黄框：升级阶梯"
            if zh
            else "blue: stage (→ what ends it); green: throughout; amber: escalation"
        )
        lines = [
            Text(line, SMALL)
            for one in (*said, read, self.pack.edition)
            for line in wrapped(one, WIDTH - 2 * MARGIN, SMALL)
        ]
        placed = [(y + n * 19, line) for n, line in enumerate(lines)]
        return y + len(lines) * 19 + 6, placed


_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩"


def _tall(lines: Sequence[Text]) -> float:
    return sum(line.size * LEAD for line in lines) + 2 * PAD


def _lanes(steps: Sequence["ProcessStage"]) -> list[list[str]]:
    """One lane for each first owner, in order of appearance."""
    owners = list(dict.fromkeys(stage.owner[0] for stage in steps))
    if len(owners) <= MOST_LANES:
        return [[owner] for owner in owners]
    return [[owner] for owner in owners[: MOST_LANES - 1]] + [owners[MOST_LANES - 1 :]]


def _lane_of(stage: "ProcessStage", lanes: Sequence[Sequence[str]]) -> int:
    return next(n for n, owners in enumerate(lanes) if stage.owner[0] in owners)


def _lane_at(x: float, left: float, lane: float) -> int:
    return int((x - left) // lane)


def _row_groups(
    steps: Sequence["ProcessStage"], lanes: Sequence[Sequence[str]]
) -> list[list["ProcessStage"]]:
    """Stages that end with the same event by different doors, or serve different modes, go
    side by side where their lanes differ."""
    rows: list[list[ProcessStage]] = []
    for stage in steps:
        row = rows[-1] if rows else []
        lane = _lane_of(stage, lanes)
        free = all(_lane_of(other, lanes) != lane for other in row)
        beside = [
            other.done_when == stage.done_when or not set(other.modes) & set(stage.modes)
            for other in row
        ]
        if row and free and all(beside):
            row.append(stage)
        else:
            rows.append([stage])
    return rows
