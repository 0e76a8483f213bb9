"""agencies.yaml: what is right is read, and every mistake is named with its line and its remedy."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from services.feeds.domain.accounts import accounts
from services.feeds.domain.agencies import Agency, Given, Key, Quota, Register, Webhook
from services.feeds.domain.faults import Unreadable, read_register
from services.feeds.domain.nkeys import KeyMalformed, public_bytes, public_text, seed_text
from services.feeds.service.editing import CannotEdit, with_agency, with_keys
from services.feeds.service.register import Agreements
from shared.zone import LEGAL_ZONE

NKEY = public_text(bytes(range(32)))
OTHER = public_text(bytes(range(1, 33)))
TEXT = f"""\
# kept: whatever a person wrote here
schema: onefile.agencies/v1
agencies:
  - id: tax
    zh: 示例县税务局
    en: Example tax bureau
    purpose: 核定城市基础设施配套费
    legal_basis: 《示例条例》第十条
    until: 2030-12-31
    areas: ["990102"]   # one county
    events:
      - types: [intake.service_requested.v1, supervision.fee_due.v1]
        fields: all
      - types: [supervision.item_decided.v1]
        fields: [item]
    keys:
      - {{nkey: {NKEY}, since: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}}
    about_without: [actor]
"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_register_is_read() -> None:
    (tax,) = read_register(TEXT).agencies
    assert tax.views["supervision.item_decided.v1"] == frozenset({"item"})
    assert tax.views["supervision.fee_due.v1"] is None
    assert tax.good_keys(NOW) and not tax.good_keys(NOW + timedelta(days=365))


@pytest.mark.parametrize(
    ("legal", "open_then"),
    [
        (datetime(2026, 5, 31, 23, 30, tzinfo=LEGAL_ZONE), True),
        (datetime(2026, 6, 1, 0, 30, tzinfo=LEGAL_ZONE), False),
    ],
)
def test_an_agreement_ends_with_its_last_legal_day(
    legal: datetime, open_then: bool, tmp_path: Path
) -> None:
    """Half past midnight there is still the day before in UTC."""
    text = TEXT.replace("2030-12-31", "2026-05-31")
    now = legal.astimezone(UTC)
    assert now.date() == date(2026, 5, 31)
    (tax,) = read_register(text).agencies
    assert tax.in_force(now) is open_then
    assert ("AG_TAX" in accounts(read_register(text), now, "p")) is open_then
    file = tmp_path / "agencies.yaml"
    file.write_text(text, "utf-8")
    agreements = Agreements(file, lambda: now)
    agreements.read()
    assert [one.id for one in agreements.open] == (["tax"] if open_then else [])


@pytest.mark.parametrize(
    ("wrong", "instead", "line", "said"),
    [
        ("purpose:", "purpse:", 7, "did you mean purpose?"),
        ("purpose:", "purpse:", 4, "缺少此项"),
        ('"990102"', "990102", 10, "加引号"),
        ('"990102"', '"9901x2"', 10, "must match"),
        ('["990102"]', "[]", 10, "至少写一项"),
        ("service_requested", "service_requestd", 12, "did you mean intake.service_requested.v1?"),
        ("[item]", "[itm]", 15, "did you mean item?"),
        ("fields: all", "fields: al", 13, "must be"),
        ("2030-12-31", "soon", 9, "应为日期"),
        ("id: tax", "id: TAX", 4, "must match"),
        ("id: tax", "id: tax\n    id: tax2", 5, "写了两次"),
        ("about_without: [actor]", "about_without: [actr]", 18, "must be"),
        ("agencies/v1", "agencies/v9", 2, "must be"),
        (NKEY, NKEY[:-1] + "A", 17, "checksum"),
        (NKEY, "nonsense", 17, "公钥不合法"),
        ("2027-01-01T00:00:00Z", "2025-01-01T00:00:00Z", 17, "until must be after since"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00", 17, "带时区"),
        ("about_without: [actor]", "quota: {conections: 2}", 18, "did you mean connections?"),
        ("about_without: [actor]", "webhook: {url: 'http://a/b'}", 18, "https://"),
        ("supervision.fee_due.v1]", "intake.service_requested.v1]", 4, "stands twice"),
        ("[item]", "[decided_by]", 15, "decided_by"),
        ("agencies:\n", "agencies: [\n", 3, "not YAML"),
        ("\n    until: 2030-12-31", "", 4, "缺少此项"),
    ],
)  # fmt: skip
def test_every_typo_is_named_with_its_line(
    wrong: str, instead: str, line: int, said: str
) -> None:
    assert wrong in TEXT
    with pytest.raises(Unreadable) as refused:
        read_register(TEXT.replace(wrong, instead))
    told = [(fault.line, str(fault)) for fault in refused.value.faults]
    assert any(said in sentence for _, sentence in told), told
    assert any(at == line or abs(at - line) <= 1 for at, s in told if said in s), told


def test_all_mistakes_are_told_at_once() -> None:
    text = TEXT.replace("purpose:", "purpse:").replace("[item]", "[itm]").replace("en:", "eng:")
    with pytest.raises(Unreadable) as refused:
        read_register(text)
    assert len(refused.value.faults) >= 4


def test_personal_data_cannot_be_agreed_on() -> None:
    text = TEXT.replace("[supervision.item_decided.v1]", "[supervision.fee_paid.v1]")
    with pytest.raises(Unreadable, match="是个人信息"):
        read_register(text.replace("[item]", "[voucher]"))


def test_two_agencies_never_share_an_id_or_a_key() -> None:
    entry = TEXT[TEXT.index("  - id") :]
    with pytest.raises(Unreadable, match="stands twice"):
        read_register(TEXT + entry)
    with pytest.raises(Unreadable, match="nkey"):
        read_register(TEXT + entry.replace("id: tax", "id: water"))


def test_only_the_lines_of_the_keys_change_when_keys_do() -> None:
    keys = [
        Key(nkey=OTHER, since=NOW, until=NOW + timedelta(days=90)),
        Key(nkey=NKEY, since=NOW, until=NOW + timedelta(days=9), revoked=NOW),
    ]
    made = with_keys(TEXT, "tax", keys)
    assert read_register(made).agencies[0].keys == tuple(keys)
    assert "# kept: whatever a person wrote here" in made and "# one county" in made
    assert set(TEXT.split("\n")) - set(made.split("\n")) == {TEXT.split("\n")[16]}
    assert with_keys(made, "tax", []).count("nkey") == 0
    without = TEXT.replace(TEXT[TEXT.index("    keys:") : TEXT.index("    about_")], "")
    assert read_register(with_keys(without, "tax", keys)).agencies[0].keys == tuple(keys)
    with pytest.raises(KeyError):
        with_keys(TEXT, "water", [])


def test_an_agency_is_added_at_the_end_and_never_into_nonsense() -> None:
    entry = {
        "id": "water", "zh": "水", "en": "w", "purpose": "x", "legal_basis": "y",
        "until": date(2030, 1, 1), "areas": ["9901"],
        "events": [{"types": ["supervision.fee_due.v1"], "fields": ["item"]}],
    }  # fmt: skip
    for before in ("", "schema: onefile.agencies/v1\nagencies: []\n", TEXT):
        made = with_agency(before, entry)
        assert read_register(made).agency("water")
        assert made.startswith(before[:20]) or not before
    with pytest.raises(Unreadable):
        with_agency(TEXT, entry | {"areas": ["x"]})
    flow = yaml.safe_dump(yaml.safe_load(TEXT), default_flow_style=True, allow_unicode=True)
    with pytest.raises(CannotEdit):
        with_agency(flow, entry)


def test_an_agency_without_a_good_key_has_no_account() -> None:
    register = read_register(TEXT)
    assert set(accounts(register, NOW, "p")) == {"FEEDS", "AG_TAX"}
    later = accounts(register, NOW + timedelta(days=365), "p")
    assert set(later) == {"FEEDS"} and later["FEEDS"]["exports"] == []
    ended = read_register(TEXT.replace("2030-12-31", "2026-05-31"))
    assert set(accounts(ended, NOW, "p")) == {"FEEDS"}


def test_an_agency_may_ask_acknowledge_and_listen_and_nothing_else() -> None:
    (user,) = accounts(read_register(TEXT), NOW, "p")["AG_TAX"]["users"]
    stream = read_register(TEXT).agencies[0].stream
    assert user["permissions"] == {
        "publish": {"allow": ["onefile.tax.next", f"$JS.ACK.{stream}.tax.>"]},
        "subscribe": {"allow": ["_INBOX.tax.>"]},
    }


@pytest.mark.parametrize("text", ["", "U", "u" * 56, NKEY[:-1], seed_text(bytes(32)), "1" * 56])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(KeyMalformed):
        public_bytes(text)


WHOLE = (
    TEXT.replace("about_without: [actor]", "about_without:\n      - actor")
    + """\
    generation: 2
    contacts:
      - p:018f4e1c-0000-7000-8000-000000000001
    quota:
      connections: 2
      streams: 2
      requests_per_minute: 60
      stream_messages: 5000
      stream_bytes: 2000000
    webhook:
      url: https://hook.example.com/in
      reach: internet
      secret_file: /run/secrets/tax
"""
).replace(
    f"      - {{nkey: {NKEY}, since: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}}",
    f"      - nkey: {NKEY}\n        since: 2026-01-01T00:00:00Z\n        until: 2027-01-01T00:00:00Z"
    "\n        revoked: 2026-12-01T00:00:00Z",
)
"""A register in which every setting there is stands on a line of its own."""
FREE = {"zh", "en", "purpose", "legal_basis", "secret_file"}
"""Words of people, and a file of theirs: whatever is written there may be meant."""


def _settings(node: yaml.Node, path: str = "") -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Every setting of a document: where it stands, its name and its value."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield f"{path}.{name.value}", name, value
            yield from _settings(value, f"{path}.{name.value}")
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _settings(value, path)


def _document() -> yaml.Node:
    node = yaml.compose(WHOLE, Loader=yaml.SafeLoader)
    assert node is not None
    return node


NAMES = [
    pytest.param(name.value, name.start_mark.index, name.start_mark.line + 1, id=f"{path}@{n}")
    for n, (path, name, _) in enumerate(_settings(_document()))
]
VALUES = [
    pytest.param(value.start_mark.index, value.end_mark.index, value.start_mark.line + 1, typo,
                 id=f"{path}@{n}={typo}")
    for n, (path, name, value) in enumerate(_settings(_document()))
    if isinstance(value, yaml.ScalarNode) and name.value not in FREE
    for typo in ("?!", "-1", "[]", "{}", "''")
    if (name.value, typo) != ("fields", "[]")  # no member at all may be meant
]  # fmt: skip


def test_the_register_of_these_tests_has_every_setting_there_is() -> None:
    (tax,) = read_register(WHOLE).agencies
    told = {name for name, _, _ in (p.values[:3] for p in NAMES)}
    models = (Register, Agency, Given, Key, Quota, Webhook)
    assert told == {f.alias or n for one in models for n, f in one.model_fields.items()}
    assert tax.webhook and tax.webhook.secret_file and tax.generation == 2


@pytest.mark.parametrize(("name", "at", "line"), NAMES)
def test_a_letter_missing_in_any_name_is_named_with_its_line_and_what_was_meant(
    name: str, at: int, line: int
) -> None:
    typo = name[:1] + name[2:] if len(name) > 2 else name + "x"
    text = WHOLE[:at] + typo + WHOLE[at + len(name) :]
    with pytest.raises(Unreadable) as refused:
        read_register(text)
    faults = [f for f in refused.value.faults if f.line == line]
    assert faults and any(f"did you mean {name}?" in str(f) for f in faults), str(refused.value)


@pytest.mark.parametrize(("begin", "end", "line", "typo"), VALUES)
def test_nonsense_in_any_value_is_named_with_its_line(
    begin: int, end: int, line: int, typo: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_register(WHOLE[:begin] + typo + WHOLE[end:])
    assert any(abs(fault.line - line) <= 1 for fault in refused.value.faults), refused.value
