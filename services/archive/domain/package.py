"""What goes into the package for the archive bureau (归档信息包), and how is it described in XML?

The order is that of DA/T 85-2019: contents, documents by kind, the process, the test of four
properties, metadata. The paid text of DA/T 85, DA/T 46 and DA/T 48 was not at hand: the names of
elements and folders are ours (默认值), and the package says so itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import orjson

from services.archive.domain.file import Filed, as_json
from services.archive.domain.listing import Kind, Listed
from services.archive.domain.matter import Matter

NAMESPACE = "urn:onefile:archive-package:v1"
STANDARDS = ("GB/T 18894-2016", "DA/T 85-2019", "DA/T 46-2009", "DA/T 48-2009", "DA/T 70-2018")
README = """\
归档信息包 {number}

目录.xml    归档文件目录和元数据
            元素名为默认值：DA/T 85、46、48 的正式文本未能取得，移交前请与档案机构核对
            PDF/A 由排版程序写出、按结构核对，ISO 19005-2 正式文本未能取得，未经专门程序检验
案卷.pdf    全部事实的可读版本，中英对照，PDF/A-2u（ISO 19005-2）；未另制 OFD
文件/       电子文件，按归档类别分文件夹，保持收到时的格式；名称与摘要见目录.xml
过程/       每条事实的原始字节（events.json），可脱离本系统阅读
manifest-sha256.txt  每个文件的 SHA-256

Archive package {number}: 目录.xml lists and describes it, 案卷.pdf tells it (PDF/A-2u; no OFD is made),
文件/ holds the documents as they came, 过程/events.json every fact byte for byte. Element names are a
default of ours, since the paid text of DA/T 85, 46 and 48 was not at hand: compare with your archive
before handing it over. The text of ISO 19005-2 was not at hand either: the typesetter
writes PDF/A and its structure is checked, but by no validator.
"""


def path_of(one: Listed, ending: str) -> str:
    """Where a document stands in the package."""
    return f"文件/{one.content}/{one.position:09}-v{one.version}.{ending}"


def described(
    filed: Filed,
    matter: Matter,
    kinds: Sequence[Kind],
    held: Mapping[UUID, tuple[str, str, int, str]],
    keep_years: int,
) -> bytes:
    """目录.xml; `held` says of each document in the package its path, SHA-256, size, media type."""
    root = Element("归档信息包", {"xmlns": NAMESPACE})
    note = SubElement(root, "依据", {"文本": "未取得，元素名为默认值"})
    for standard in STANDARDS:
        SubElement(note, "标准").text = standard
    head = SubElement(root, "案卷元数据")
    for name, value in (
        ("办件编号", matter.number),
        ("行政区划", matter.area),
        ("政策包版本", matter.pack),
        ("申请日期", matter.opened_on),
        ("服务方式", matter.mode),
        ("保管期限年", keep_years),
        ("保管期限依据", "默认值：须由当地档案机构核定"),
        ("档案位置", filed.entries[-1].position if filed.entries else 0),
        ("事实条数", len(filed.entries)),
    ):
        SubElement(head, name).text = "" if value is None else str(value)
    listed = SubElement(root, "归档文件目录")
    for kind in kinds:
        _kind(listed, kind, held)
    indent(root)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _kind(listed: Element, kind: Kind, held: Mapping[UUID, tuple[str, str, int, str]]) -> None:
    part = SubElement(
        listed,
        "类别",
        {"代码": kind.id, "名称": kind.zh, "应有": str(kind.asked), "已有": str(kind.held)},
    )
    if kind.waived_by:
        part.set("免归档批准人", kind.waived_by)
    for one in kind.documents:
        given = {
            "标识": str(one.document),
            "日期": str(one.on),
            "版本": str(one.version),
            "载体": "纸质" if one.paper else "电子" if one.commitment else "登记",
        }
        if one.replaced_by:
            given["被更换为"] = str(one.replaced_by)
        if one.document in held:
            path, digest, size, media = held[one.document]
            given |= {"路径": path, "SHA-256": digest, "字节": str(size), "格式": media}
        SubElement(part, "文件", given)


def process(filed: Filed) -> bytes:
    """Every fact, byte for byte, as archive filed it."""
    return orjson.dumps(as_json(filed), option=orjson.OPT_INDENT_2) + b"\n"


def manifest(digests: Mapping[str, str]) -> bytes:
    """SHA-256 of every file, by name."""
    return "".join(_lines(digests)).encode()


def _lines(digests: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(digests):
        yield f"{digests[name]}  {name}\n"
