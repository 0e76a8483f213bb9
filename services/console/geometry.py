"""Where do areas lie: outlines from the operator's own GeoJSON, thinned to what a screen can show?"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any, NamedTuple

LARGEST = 64 * 1024 * 1024
CODES = ("adcode", "code", "id")
"""Members of a feature's properties that may hold its area code."""
FINE = 0.6
"""How far a thinned outline may lie from the true one, in units of the picture (默认值)."""
WIDE, HIGH = 720.0, 900.0

type Point = tuple[float, float]
type Ring = tuple[Point, ...]
type Geometry = Mapping[str, tuple[Ring, ...]]
"""Area code -> its rings, outer ones and holes alike, as longitude and latitude."""


class NotGeometry(ValueError):
    """The file is no map of areas; the message says what is wrong and what is wanted."""


class Placed(NamedTuple):
    """An outline on the picture, and where its name can stand."""

    code: str
    rings: tuple[Ring, ...]
    label: Point
    width: float


def load_geometry(file: Path) -> Geometry:
    """The outlines of a GeoJSON FeatureCollection; raises `NotGeometry`."""
    wanted = "want a GeoJSON FeatureCollection whose features have properties.adcode (6 digits)"
    try:
        if file.stat().st_size > LARGEST:
            raise NotGeometry(f"{file}: larger than {LARGEST // 1024**2} MB; thin it first")
        document = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        if isinstance(error, NotGeometry):
            raise
        raise NotGeometry(f"{file}: {error}; {wanted}") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise NotGeometry(f"{file}: no features; {wanted}")
    found: dict[str, tuple[Ring, ...]] = {}
    for n, one in enumerate(features):
        code = _code(one)
        if code is None:
            raise NotGeometry(f"{file}: feature {n} has no area code; {wanted}")
        try:
            found[code] = found.get(code, ()) + tuple(_rings(one["geometry"]))
        except (KeyError, TypeError, ValueError) as error:
            raise NotGeometry(f"{file}: feature {n} ({code}): {error}") from None
    return found


def _code(feature: Any) -> str | None:
    if not isinstance(feature, dict):
        return None
    told = {**{"id": feature.get("id")}, **(feature.get("properties") or {})}
    codes = (str(told.get(name) or "") for name in CODES)
    return next((code for code in codes if len(code) == 6 and code.isdecimal()), None)


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    match geometry["type"]:
        case "Polygon":
            polygons = [geometry["coordinates"]]
        case "MultiPolygon":
            polygons = geometry["coordinates"]
        case other:
            raise ValueError(f"{other} is no area: want Polygon or MultiPolygon")
    for polygon in polygons:
        for ring in polygon:
            points = tuple((float(x), float(y)) for x, y, *_ in ring)
            if len(points) < 4 or not all(_on_earth(point) for point in points):
                raise ValueError("a ring has four points or more, in degrees of WGS 84")
            yield points


def _on_earth(point: Point) -> bool:
    x, y = point
    return isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90


def placed(geometry: Geometry, areas: Iterable[str]) -> tuple[list[Placed], float]:
    """The outlines of these areas and of their neighbours in the same city, on a picture so high.

    Nothing where none of the areas has an outline.
    """
    wanted = {code for code in areas if code in geometry}
    cities = {code[:4] for code in wanted}
    shown = {code: geometry[code] for code in sorted(geometry) if code[:4] in cities}
    points = [point for rings in shown.values() for ring in rings for point in ring]
    if not points:
        return [], 0.0
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = min(WIDE / max((east - west) * narrow, 1e-9), HIGH / max(north - south, 1e-9))

    def on_picture(point: Point) -> Point:
        return (point[0] - west) * narrow * scale, (north - point[1]) * scale

    return [
        _placed(code, [[on_picture(point) for point in ring] for ring in rings])
        for code, rings in shown.items()
    ], (north - south) * scale


def _placed(code: str, rings: Sequence[Sequence[Point]]) -> Placed:
    thin = tuple(ring for ring in (thinned(one) for one in rings) if len(ring) > 3)
    largest = max(rings, key=lambda ring: abs(_twice_area(ring)))
    xs, ys = [x for x, _ in largest], [y for _, y in largest]
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return Placed(code, thin or (tuple(largest),), middle, max(xs) - min(xs))


def _twice_area(ring: Sequence[Point]) -> float:
    return sum(
        x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
    )


def thinned(ring: Sequence[Point], fine: float = FINE) -> Ring:
    """The ring without points that nobody sees (Douglas-Peucker, without recursion)."""
    keep = {0, len(ring) - 1}
    halves = [(0, len(ring) // 2), (len(ring) // 2, len(ring) - 1)]
    keep.add(len(ring) // 2)
    while halves:
        first, last = halves.pop()
        far, at = 0.0, -1
        for n in range(first + 1, last):
            distance = _distance(ring[n], ring[first], ring[last])
            if distance > far:
                far, at = distance, n
        if far > fine:
            keep.add(at)
            halves += [(first, at), (at, last)]
    return tuple(ring[n] for n in sorted(keep))


def _distance(point: Point, first: Point, last: Point) -> float:
    """From the line through two points; from the first where they are one."""
    (x, y), (x1, y1), (x2, y2) = point, first, last
    long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if not long:
        return float(((x - x1) ** 2 + (y - y1) ** 2) ** 0.5)
    return float(abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / long)
