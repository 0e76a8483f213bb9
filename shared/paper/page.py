"""How does a long document read as one HTML page that needs nothing from elsewhere?"""

from html import escape

from shared.paper.long import Both, Chapter, Facts, LongDocument, Part, Table, Text

_STYLE = """
body{font-family:"Noto Serif SC","Songti SC",SimSun,serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#111;line-height:1.5}h1,h2,th,dt{font-family:"Noto Sans SC","PingFang SC",
SimHei,sans-serif;font-weight:600}small{color:#555}table{border-collapse:collapse;width:100%;
font-size:.85rem}th,td{border:1px solid #999;padding:.25rem .4rem;text-align:left;
vertical-align:top}th{background:#f2f2f2}code{font-size:.7rem;word-break:break-all}
thead{display:table-header-group}tr{break-inside:avoid}@media print{h2{break-after:avoid}}
"""


def page(document: LongDocument) -> bytes:
    """The page as UTF-8; the same document makes the same bytes."""
    parts = [
        "<!doctype html>\n",
        '<html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">",
        f"<title>{escape(document.title.zh)} {escape(document.running)}</title>",
        f"<style>{_STYLE}</style></head><body>\n",
        f"<h1>{_both(document.title)}</h1><p>{_both(document.subtitle)}</p>\n",
        _facts(document.cover),
        "<nav><ol>",
        *(
            f'<li><a href="#c{n}">{_both(chapter.title)}</a></li>'
            for n, chapter in enumerate(document.chapters, 1)
        ),
        "</ol></nav>\n",
        *(_chapter(n, chapter) for n, chapter in enumerate(document.chapters, 1)),
        f"<footer><small>{escape(document.issuer)} {document.day}</small></footer>",
        "</body></html>\n",
    ]
    return "".join(parts).encode()


def _chapter(number: int, chapter: Chapter) -> str:
    parts = "".join(map(_part, chapter.parts))
    return f'<section><h2 id="c{number}">{number}　{_both(chapter.title)}</h2>\n{parts}</section>\n'


def _part(part: Part) -> str:
    match part:
        case Table():
            return _table(part)
        case Facts(rows=rows):
            return _facts(rows)
        case Text(text=text):
            return f"<p>{_both(text)}</p>\n"


def _table(table: Table) -> str:
    if not table.rows:
        return f"<p>{_both(table.empty)}</p>\n"
    head = "".join(f"<th>{_both(column.caption)}</th>" for column in table.columns)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td><code>{escape(cell.zh)}</code></td>"
            if column.mono
            else f"<td>{_both(cell)}</td>"
            for column, cell in zip(table.columns, row, strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>\n"


def _facts(rows: tuple[tuple[Both, Both], ...]) -> str:
    said = "".join(
        f"<tr><th>{_both(name)}</th><td>{_both(value)}</td></tr>" for name, value in rows
    )
    return f"<table>{said}</table>\n"


def _both(text: Both) -> str:
    zh = escape(text.zh).replace("\n", "<br>")
    if not text.en or text.en == text.zh:
        return zh
    return f'{zh} <small lang="en">{escape(text.en)}</small>'
