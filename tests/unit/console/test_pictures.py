"""Pictures: nothing unescaped, no colour without its number, the right day and the right stage."""

import json
from datetime import date
from math import cos, sin, tau
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from pydantic import ValidationError

from services.console.geometry import NotGeometry, load_geometry, placed, thinned
from services.console.pictures.drawing import Bar, Tile, bars, heat, outlines, tiles
from services.console.pictures.figures import by_department, days_ahead, forecast
from services.console.pictures.flow import chart, snake, stages_of
from services.console.pictures.showing import bounds
from services.console.settings import ConsoleSettings
from shared.packs import Packs

RULES = Packs.load(None).for_area("500242")
EVIL = "<script>alert(1)</script>\"&'"


def words(drawn: str) -> list[str]:
    return [one.text or "" for one in fromstring(drawn).iter() if one.tag.endswith("text")]


def test_names_are_escaped_wherever_they_stand() -> None:
    for drawn in (
        bars(EVIL, [Bar(EVIL, 1, 2, f"/x?{EVIL}")]),
        heat(EVIL, [EVIL], [(EVIL, [1])], EVIL),
        tiles(EVIL, [Tile("990100", EVIL, 1, 2, EVIL)]),
    ):
        fromstring(drawn)
        assert "<script" not in drawn


def test_the_number_stands_beside_every_bar_and_in_every_cell() -> None:
    assert words(bars("t", [Bar("甲", 1, 2)]))[-1] == "3"
    assert {"4", "0"} <= set(words(heat("t", ["a", "b"], [("甲", [4, 0])])))
    assert {"990100", "7", "/ 9"} <= set(words(tiles("t", [Tile("990100", "市", 7, 2)])))


def test_areas_are_drawn_where_they_lie_with_their_numbers_and_neighbours_blank(
    tmp_path: Path,
) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps(collection({"990101": 0, "990102": 1, "980101": 40})))
    shapes, height = placed(load_geometry(file), ["990101", "990199"])
    assert [one.code for one in shapes] == ["990101", "990102"]
    tile = Tile("990101", EVIL, 3, 4, f"/x?{EVIL}")
    drawn = outlines(EVIL, shapes, height, {tile.code: tile})
    root = fromstring(drawn)
    assert "<script" not in drawn and "3 / 7" in words(drawn)
    paths = [one for one in root.iter() if one.tag.endswith("path")]
    assert [one.get("fill") == "#eef0f2" for one in paths] == [False, True]
    assert len([one for one in root.iter() if one.tag.endswith("}a")]) == 1
    assert placed(load_geometry(file), ["990199"]) == ([], 0.0)


def test_an_outline_is_thinned_and_stays_closed() -> None:
    many = [(cos(n / 500 * tau) * 300, sin(n / 500 * tau) * 300) for n in range(501)]
    thin = thinned(many)
    assert thin[0] == many[0] and thin[-1] == many[-1] and 20 < len(thin) < 150
    flat = [(x / 10, 0.0) for x in range(1_000)]
    assert len(thinned(flat)) == 3


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "not json", '{"features": {}}', '{"features": [{}]}',
     *(json.dumps({"features": [{"properties": {"adcode": 990101}, "geometry": one}]}) for one in (
         None, {"type": "Point", "coordinates": [1, 2]},
         {"type": "Polygon", "coordinates": [[[1, 2]]]},
         {"type": "Polygon", "coordinates": [[[1, 999], [2, 2], [3, 3], [1, 2]]]},
         {"type": "Polygon", "coordinates": [[[float("nan"), 9], [2, 2], [3, 3], [1, 2]]]}))],
)  # fmt: skip
def test_what_is_no_map_is_refused_at_the_start_with_a_sentence(
    text: str, tmp_path: Path
) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(text)
    with pytest.raises(NotGeometry, match=r"areas\.geojson"):
        load_geometry(file)
    (tmp_path / "key").write_bytes(b"k" * 32)
    with pytest.raises(ValidationError, match=r"areas\.geojson"):
        ConsoleSettings(
            mode="development", development_issuer="http://x", peers={}, geometry=file,
            key_file=tmp_path / "key",
        )  # fmt: skip


def collection(areas: dict[str, int]) -> dict[str, Any]:
    """Squares side by side, each as far to the east as is said."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "properties": {"adcode": int(code)},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[[[x, 30], [x + 1, 30], [x + 1, 31], [x, 31], [x, 30]]]],
                },
            }
            for code, x in areas.items()
        ],
    }


def test_nothing_to_draw_is_no_mistake() -> None:
    assert fromstring(bars("t", [])) is not None
    assert fromstring(heat("t", [], [])) is not None
    assert fromstring(tiles("t", [])) is not None


def test_what_is_due_is_counted_on_its_day_and_what_is_late_already_stands_first() -> None:
    item = {"matter": "m", "state": "accepted", "body": "b", "owner": "b", "urges": 2}
    items = [
        {**item, "item": "S1-01", "due_on": "2026-11-20"},
        {**item, "item": "S1-02", "due_on": "2026-11-24"},
        {**item, "item": "S1-03", "due_on": "2026-11-24"},
        {**item, "item": "S1-04", "due_on": "2026-11-24", "state": "decided"},
        {**item, "item": "S1-05", "due_on": None, "planned_on": "2026-11-25", "state": "ready"},
    ]
    days = days_ahead(RULES.calendar, date(2026, 11, 23), 2)
    rows = forecast(days, items, [{"matter": "m", "item": "S1-03"}])
    assert rows == [
        Bar("", 1, 0), Bar("2026-11-23", 0, 0), Bar("2026-11-24", 1, 1), Bar("2026-11-25", 0, 1),
    ]  # fmt: skip
    assert by_department(items, date(2026, 11, 23)) == [("b", (3, 0, 3, 0, 1))]


def test_the_days_to_come_are_working_days() -> None:
    friday = date(2026, 11, 27)
    assert days_ahead(RULES.calendar, friday, 1) == [friday, date(2026, 11, 30)]


def test_a_quarter_has_its_first_and_last_day() -> None:
    assert bounds("2026-Q4") == ("2026-10-01", "2026-12-31")
    assert bounds("2024-Q1") == ("2024-01-01", "2024-03-31")


def test_the_matter_stands_on_the_chart_after_the_last_stage_it_passed() -> None:
    walked = [one for one in RULES.pack.process if not one.continuous]
    mode = walked[1].modes[0]
    mine = [one for one in walked if mode in one.modes]
    line = {"type": f"x.{snake(mine[1].done_when)}.v1", "day": "2026-11-23", "position": 7}
    same = {one.id for one in mine if one.done_when == mine[1].done_when}
    found = {one.id: one for one in stages_of(RULES.pack, mode, [line])}
    assert found[mine[1].id].passed == "done" and found[mine[1].id].position == 7
    assert all(found[id].passed == "done" for id in same)
    if mine[0].id not in same:
        assert found[mine[0].id].passed == "over"
    assert sum(one.passed == "now" for one in found.values()) <= 1
    fromstring(chart(RULES.pack, "zh", found.values()))


def test_without_a_matter_the_chart_is_that_of_the_place_alone() -> None:
    assert "#9b1c1c" not in chart(RULES.pack, "en")
