"""`onefile pack`: how does the owner of a place's rules check, compare, rehearse and draw them?"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from contracts.edition import DataRefused
from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.capability import shown_only
from contracts.pack.findings import Finding, check_file
from contracts.pack.wording import Lang, section
from shared.packs import rules_in

main = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""政策包工具 Tools for the owner of a place's rules; no programmer needed.

    \b
    新建 begin      onefile pack new --from OLD --id NEW --code 000000 --zh 甲县
    检查 check      onefile pack check packs
    演练 rehearse   onefile pack rehearse packs/NEW
    画图 draw       onefile pack draw packs/NEW --out flow.svg
    通读 read       onefile pack show packs/NEW
    对照 compare    onefile pack diff old.yaml new.yaml
    启用 use        onefile up --packs packs
    \b
    A pack is named by its file, its folder, or, when it came with the software, by its id.
    每处都可写文件、文件夹，或随软件附带的政策包编号。
    """,
)

Source = Annotated[str, typer.Argument(help="政策包: file, folder or shipped id")]
Sources = Annotated[list[str], typer.Argument(help="政策包: files, folders or shipped ids")]
Language = Annotated[Literal["zh", "en"], typer.Option("--lang", help="语言: zh or en")]


@main.command()
def check(
    packs: Sources,
    shown: Annotated[
        bool, typer.Option("--shown", help="逐条列出只展示的条目: list what is only shown")
    ] = False,
) -> None:
    """检查 Every error at once, with its line, in Chinese and English.

    \b
    退出码 exit: 0 可用 usable · 1 有错误 errors · 2 找不到文件 no such file
    Then, for a usable pack: how many entries rest on the source, on a law, and on defaults of
    ours (默认值), and which entries this version only shows and does not act on.
    """
    files = [file for named in packs for file in _files(named)]
    wrong = False
    for file in files:
        found = check_file(file)
        if not any(one.level == "error" for one in found):
            found = (*found, *_rested_on(file))
        for one in found:
            typer.echo(_line(file, one))
        if any(one.level == "error" for one in found):
            wrong = True
            count = sum(one.level == "error" for one in found)
            typer.echo(f"{file}: {count} 处错误，不会载入 / {count} errors, it is not loaded")
        else:
            _summary(file, load_pack(file), every=shown)
    raise typer.Exit(1 if wrong else 0)


@main.command()
def diff(earlier: Source, later: Source, lang: Language = "zh") -> None:
    """对照 What changes for people between two packs, section by section.

    With the source of each rule before and after; 默认值 marks a rule of ours.
    """
    from contracts.pack.diff import diff as compared

    old, new = _loaded(earlier), _loaded(later)
    changes = compared(old, new, lang)
    last = ""
    for change in changes:
        if change.section != last:
            typer.echo(section(change.section, lang))
            last = change.section
        typer.echo(f"  {change.text}")
        for label, source in _sources_of(change.before, change.after, lang):
            typer.echo(f"      {label}{source}")
    same = "两版没有差别" if lang == "zh" else "there is no difference"
    many = f"共{len(changes)}处改动" if lang == "zh" else f"{len(changes)} changes"
    typer.echo(f"{old.edition} → {new.edition}: {many if changes else same}")


@main.command()
def rehearse(
    pack: Source,
    lang: Language = "zh",
    brief: Annotated[
        bool, typer.Option("--brief", help="只要结论: the findings, not the twenty walks")
    ] = False,
) -> None:
    """演练 Run twenty sample projects through a pack.

    \b
    Reports contradictions, rules that never apply, and work that nobody owns.
    退出码 exit: 0 没有发现 nothing found · 1 有发现 findings · 2 不能载入 not loaded
    """
    from contracts.pack.rehearse import rehearse as rehearsed

    found = rehearsed(_loaded(pack), lang)
    zh = lang == "zh"
    for walk in () if brief else found.walks:
        sample = walk.sample
        typer.echo(f"{sample.number:>2}. {sample.zh if zh else sample.en}")
        for line in walk.lines:
            typer.echo(f"      {line}")
    for kind, title in _KINDS.items():
        clashes = [clash for clash in found.clashes if clash.kind == kind]
        typer.echo(f"{title[not zh]}: {len(clashes) or ('无' if zh else 'none')}")
        for clash in clashes:
            typer.echo(f"  {clash.path}: {clash.zh if zh else clash.en}")
    raise typer.Exit(0 if found.clean else 1)


@main.command()
def draw(
    pack: Source,
    out: Annotated[
        Path | None, typer.Option("--out", help="写到文件: an .svg file; else to the screen")
    ] = None,
    lang: Language = "zh",
) -> None:
    """画图 The flow chart (流程图) of a place, as SVG for A4.

    Lanes are posts, boxes are stages, bars go on throughout, the steps beside are ladders.
    """
    from contracts.pack.draw import draw as drawn

    svg = drawn(_loaded(pack), lang)
    if out is None:
        typer.echo(svg, nl=False)
        return
    try:
        out.write_text(svg, encoding="utf-8")
    except OSError as error:
        _stop(f"写不进去 cannot write {out}: {error.strerror}")
    typer.echo(f"{out}: 已画好 drawn")


@main.command()
def show(
    pack: Source,
    lang: Language = "zh",
    only: Annotated[
        str | None, typer.Option("--section", help="只看一节: one section, e.g. modes")
    ] = None,
) -> None:
    """通读 The whole pack in plain words, with its sources."""
    from contracts.pack.tell import told

    loaded = _loaded(pack)
    sections = told(loaded._leaves, lang)
    known = [one.id for one in sections]
    if only is not None and only not in known:
        _stop(f"没有“{only}”这一节 no such section; 可选 choose of: {', '.join(known)}")
    for one in sections:
        if only in (None, one.id):
            typer.echo(str(one))


@main.command()
def new(
    source: Annotated[str, typer.Option("--from", help="抄自: the pack to begin from")],
    id: Annotated[str, typer.Option("--id", help="新编号: lower case, e.g. cn-county-service")],
    code: Annotated[str, typer.Option("--code", help="行政区划代码: six digits, GB/T 2260")],
    zh: Annotated[str, typer.Option("--zh", help="地方名称: the name of the place")],
    out: Annotated[Path, typer.Option("--out", help="放在哪个文件夹: folder for packs")] = Path(
        "packs"
    ),
) -> None:
    """新建 Begin a place's pack from another's.

    The copy loads at once, but none of it has authority: every sentence of the old document
    became an open question “待填出处”, to be answered with a sentence of your own.
    """
    from contracts.pack.begin import ASKED, Place, begin

    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", id):
        _stop(f"编号只用小写英文、数字和连字符 not an id: {id}")
    if not re.fullmatch(r"[0-9]{6}", code):
        _stop(f"行政区划代码应为六位数字 an area code has six digits: {code}")
    begun = begin(_loaded(source), Place(id, code, zh))
    file = out / id / "pack.yaml"
    if file.exists():
        _stop(f"已经存在，不覆盖 exists already, not overwritten: {file}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(begun.text, encoding="utf-8")
    except OSError as error:
        _stop(f"写不进去 cannot write {file}: {error.strerror}")
    asked = begun.text.count(f"q: {ASKED}") + begun.text.count(f"q: '{ASKED}")
    typer.echo(f"{file}: 已建好 made")
    typer.echo(f"  {asked} 处待填出处 sentences to find in your own document")
    for path, value in begun.still_named:
        typer.echo(f"  {path}: 仍写着原来的地名 still names the old place: {value}")
    typer.echo(f"  接着 next: onefile pack check {file.parent}")


READ = {".md", ".txt"}
"""What may lie beside packs for people to read, and comes along with `packs/*`."""

_KINDS = {
    "contradiction": ("自相矛盾", "contradictions"),
    "dead_rule": ("永不生效的规则", "rules that never apply"),
    "missing_owner": ("无人负责", "work that nobody owns"),
    "open_question": ("待定事项（按默认值运行）", "open questions (our defaults apply)"),
}


def _files(named: str) -> list[Path]:
    """The pack files that a word on the command line means."""
    path = Path(named)
    if path.is_file() and path.suffix in READ:
        typer.echo(f"{named}: 说明文字，不是政策包，略过 no pack: left aside", err=True)
        return []
    if path.is_file():
        return [path]
    if path.is_dir():
        own = path / "pack.yaml"
        found = [own] if own.is_file() else sorted(path.glob("*/pack.yaml"))
        if found:
            return found
        _stop(f"文件夹里没有 pack.yaml no pack.yaml in this folder: {named}")
    shipped = {file.parent.name: file for file in shipped_packs()}
    if named in shipped:
        return [shipped[named]]
    _stop(
        f"没有这个文件、文件夹或编号 no such file, folder or id: {named}\n"
        f"  随软件附带 shipped: {', '.join(shipped)}"
    )


def _loaded(named: str) -> Pack:
    files = _files(named)
    if not files:
        _stop(f"这不是政策包 this is no pack: {named}")
    if len(files) > 1:
        _stop(f"这里有多个政策包，请指明一个 several packs here, name one: {named}")
    try:
        return load_pack(files[0])
    except DataRefused as refused:
        for problem in refused.problems[:5]:
            typer.echo(str(problem), err=True)
        _stop(f"不能载入 not loaded; see: onefile pack check {files[0]}")


def _stop(sentence: str) -> NoReturn:
    typer.echo(f"onefile pack: {sentence}", err=True)
    raise typer.Exit(2)


def _line(file: Path, one: Finding) -> str:
    level = {"error": "错误 error", "warning": "提醒 warning"}[one.level]
    return f"{file}:{one.line or 1}: {level}: {one.path or '(file)'}: {one.zh} / {one.en}"


def _rested_on(file: Path) -> Iterator[Finding]:
    """What is wrong with the calendars and the catalogue that a pack names."""
    try:
        rules_in(file)
    except DataRefused as refused:
        for one in refused.problems:
            yield Finding(None, one.path, one.zh, one.en)


def _summary(file: Path, pack: Pack, *, every: bool) -> None:
    rests = Counter(_rests_on(pack))
    counted = (
        f"来文 source {rests['src']} · 法律 law {rests['law']} · 默认值 default {rests['open']}"
    )
    typer.echo(f"{file}: 可用 usable, {pack.edition}")
    typer.echo(f"  规则 entries {rests.total()}: {counted}")
    typer.echo(f"  待定事项 open questions: {len(pack.open)}")
    idle = shown_only(pack)
    if not idle:
        return
    typer.echo(f"  只展示，不自动执行 only shown, not acted on: {len(idle)}")
    if every:
        for one in idle:
            typer.echo(f"    {one.path}: {one.zh} / {one.en}")
        return
    sections = Counter(one.path.split(".")[0] for one in idle)
    said = ", ".join(f"{section(name, 'zh')} {name} {n}" for name, n in sections.items())
    typer.echo(f"    {said}")
    typer.echo("    逐条 one by one: --shown")


def _rests_on(pack: Pack) -> list[str]:
    """For each leaf: `src`, `law` or, for a default of ours, `open`."""
    found = []
    for path, source in pack.sources().items():
        if source.question is not None:
            found.append("open")
        else:
            found.append(_nearest(pack, path))
    return found


def _nearest(pack: Pack, path: str) -> str:
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        head = ".".join(steps[:length])
        for word in ("src", "law"):
            if pack._leaves.get(f"{head}.{word}"):
                return word
    return "src"


def _sources_of(before: str | None, after: str | None, lang: Lang) -> list[tuple[str, str]]:
    if before == after:
        return [("出处：" if lang == "zh" else "source: ", after)] if after else []
    default = "默认值" if lang == "zh" else "our default"
    return [
        ("原出处：" if lang == "zh" else "source was: ", before or default),
        ("今出处：" if lang == "zh" else "source is: ", after or default),
    ]
