"""Why is a document not taken in?"""


class Unfit(Exception):
    """The bytes are refused. `code` is part of the API; the words say what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.code, self.zh, self.en = code, zh, en


def not_known() -> Unfit:
    return Unfit(
        "type",
        "不是可归档的文件类型：请交 PDF、JPEG、PNG、DOCX、XLSX 或 OFD",
        "not a kind of file that is kept: send PDF, JPEG, PNG, DOCX, XLSX or OFD",
    )


def damaged(zh: str, en: str) -> Unfit:
    return Unfit("structure", f"文件结构不完整：{zh}", f"the file is not whole: {en}")


def active(zh: str, en: str) -> Unfit:
    return Unfit(
        "active_content", f"文件含可执行内容：{zh}", f"the file holds active content: {en}"
    )


def locked() -> Unfit:
    return Unfit(
        "encrypted",
        "文件已加密，无法检查，请交未加密的",
        "the file is encrypted: send it unlocked",
    )


def bomb(zh: str, en: str) -> Unfit:
    return Unfit("too_much_inside", f"压缩内容超限：{zh}", f"too much inside: {en}")
