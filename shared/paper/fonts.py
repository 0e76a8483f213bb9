"""Which fonts do papers use, are they the very files we know, and which characters do they hold?"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

SERIF, SANS, FALLBACK = "Noto Serif SC", "Noto Sans SC", "Noto Sans CJK SC"


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, pinned by its hash: another file would print another paper."""

    family: str
    package: str
    file: str
    sha256: str
    number: int = 0


FACES = (
    Face(
        SERIF, "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf",
        "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
    ),
    Face(
        SANS, "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf",
        "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
    ),
    Face(
        FALLBACK, "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc",
        "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a",
        number=2,
    ),
)  # fmt: skip


class FontsMissing(RuntimeError):
    """A font is absent or is another file than the one papers are known to look right with."""


@dataclass(frozen=True, slots=True)
class Library:
    """The fonts that are there: their folders, families in order of preference, characters."""

    folders: tuple[Path, ...]
    families: tuple[str, ...]
    characters: frozenset[int]

    def missing(self, text: str) -> list[str]:
        """The characters of `text` that no font holds, each once."""
        return [c for c in dict.fromkeys(text) if ord(c) not in self.characters and c != "\n"]


@cache
def library(further: Path | None = None, faces: tuple[Face, ...] = FACES) -> Library:
    """Our fonts, and the operator's own in the folder `further` for characters ours lack.

    Raises `FontsMissing` with the remedy.
    """
    files = {face: _found(face) for face in faces}
    known = [set(_characters(file, face.number)) for face, file in files.items()]
    folders = dict.fromkeys(file.parent for file in files.values())
    families: list[str] = []
    if further is not None:
        for file in _font_files(further):
            known.append(set(_characters(file, 0)))
            families.append(_family(file))
        folders[further] = None
    return Library(tuple(folders), tuple(families), frozenset().union(*known))


def _found(face: Face, spec: Callable[[str], object] = find_spec) -> Path:
    found = spec(face.package)
    places = getattr(found, "submodule_search_locations", None) or ()
    for place in places:
        file = Path(place) / face.file
        if file.is_file():
            if sha256(file.read_bytes()).hexdigest() == face.sha256:
                return file
            raise FontsMissing(
                f"{file} 不是核定的字体文件，请重新安装 / is not the font we know: install "
                f"{_distribution(face)} anew (sh deploy/bootstrap.sh)"
            )
    raise FontsMissing(
        f"缺少中文字体 {face.family}，无法打印；请运行 sh deploy/bootstrap.sh / "
        f"no font {face.family}: run sh deploy/bootstrap.sh, "
        f"or install the package {_distribution(face)}"
    )


def _distribution(face: Face) -> str:
    return face.package.replace("_", "-")


def _font_files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise FontsMissing(
            f"ONEFILE_FONTS 所指的文件夹不存在：{folder} / the folder ONEFILE_FONTS is not there"
        )
    names = sorted(os.listdir(folder))
    yield from (folder / name for name in names if name.lower().endswith((".otf", ".ttf")))


def _characters(file: Path, number: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(file, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _family(file: Path) -> str:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        names = font["name"]
        return str(names.getDebugName(16) or names.getDebugName(1))
