"""The catalogues: complete in both languages, nothing unused, nothing said outside of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import jinja2
import pytest
from jinja2 import nodes

from anamnesis.clinical.appointment import APPOINTMENT_STATUSES
from anamnesis.clinical.device_loss import HAPPENED
from anamnesis.clinical.kinds import KINDS
from anamnesis.clinical.observation import OBSERVATION_CODES
from anamnesis.clinical.patient import SEXES
from anamnesis.clinical.sections import SECTIONS
from anamnesis.keeper.received import FINDING
from anamnesis.record.outstanding import CODES
from anamnesis.record.search import PLACES
from anamnesis.web.catalogue import LANGUAGES, read_catalogues
from anamnesis.web.desk import STATIC, TEMPLATES
from anamnesis.web.record_view import FORMS, SETTINGS

WEB = TEMPLATES.parent
CATALOGUES = read_catalogues()
MESSAGES = set(CATALOGUES["fr"].messages)
NAME = re.compile(r'"([a-z][a-z0-9._-]*)"')
BEGINNING = re.compile(r"[`\"]([a-z][a-z0-9.-]*-)(?:\$?\{)")
SCRIPT_WORDS = re.compile(r'\bwords\(\s*"([^"]+)"')
"""What a script asks for by its whole name."""
ALWAYS_LITERAL = {"Anamnesis", "min", "·", "←", "→", "—", "(", ")", ",", "Ctrl S"}


def templates() -> list[Path]:
    return sorted(TEMPLATES.glob("*.html"))


def sources() -> list[str]:
    files = [*WEB.glob("*.py"), *WEB.glob("*/*.py"), *STATIC.glob("*.js")]
    return [path.read_text(encoding="utf-8") for path in files]


def asked_by_templates() -> tuple[set[str], set[str]]:
    """Whole names, and beginnings, that templates look up."""
    whole: set[str] = set()
    beginnings: set[str] = set()
    for path in templates():
        for argument, counted in lookups(jinja2.Environment(autoescape=True), path):
            match argument:
                case nodes.Const(value=str(name)) if counted:
                    whole |= {f"{name}-one", f"{name}-many"}
                case nodes.Const(value=str(name)):
                    whole.add(name)
                case nodes.Concat(nodes=[nodes.Const(value=str(beginning)), *_]):
                    beginnings.add(beginning)
                case nodes.CondExpr():
                    whole |= {one.value for one in argument.find_all(nodes.Const)}
    return whole, beginnings


def lookups(environment: jinja2.Environment, path: Path) -> Iterator[tuple[Any, bool]]:
    for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        function = call.node
        if isinstance(function, nodes.Name) and function.name == "_":
            yield call.args[0], False
        elif isinstance(function, nodes.Getattr) and function.attr == "counted":
            yield call.args[0], True


def test_both_languages_have_the_same_messages() -> None:
    assert set(CATALOGUES["en"].messages) == MESSAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_stands_twice(language: str) -> None:
    text = (WEB / "locale" / language / "LC_MESSAGES" / "anamnesis.po").read_text(encoding="utf-8")
    names = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert len(names) == len(set(names)) == len(MESSAGES)


def test_a_message_leaves_the_same_places_in_both_languages() -> None:
    def places(language: Any, name: str) -> set[str | None]:
        return {place for _, place, _, _ in Formatter().parse(CATALOGUES[language].messages[name])}

    assert [n for n in MESSAGES if places("fr", n) - {None} != places("en", n) - {None}] == []


def test_a_message_is_empty_in_both_languages_or_in_none() -> None:
    empty = {
        language: {n for n, t in CATALOGUES[language].messages.items() if not t}
        for language in LANGUAGES
    }
    assert empty["fr"] == empty["en"]
    assert all(name.startswith(("help-", "section-")) for name in empty["fr"])


def test_every_message_a_template_asks_for_exists() -> None:
    whole, beginnings = asked_by_templates()
    assert len(whole) > 80, "the search found too little to prove anything"
    assert whole - MESSAGES == set()
    assert {b for b in beginnings if not any(name.startswith(b) for name in MESSAGES)} == set()


def test_every_message_a_script_asks_for_exists_and_is_carried() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")]
    asked = {name for script in scripts for name in SCRIPT_WORDS.findall(script)}
    assert len(asked) > 20, "the search found too little to prove anything"
    assert asked - set(CATALOGUES["fr"].said_by(scripts)) == set()


def test_no_message_is_unused() -> None:
    whole, beginnings = asked_by_templates()
    for path in templates():
        tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        whole |= {one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str)}
    for source in sources():
        whole |= set(NAME.findall(source))
        beginnings |= set(BEGINNING.findall(source))
    starts = tuple(beginnings)
    assert {n for n in MESSAGES - whole if not n.startswith(starts)} == set()


CHOICES = [
    f"{type_}-{field.name}-{choice}"
    for type_, fields in (FORMS | SETTINGS).items()
    for field in fields
    for choice in field.choices
]


@pytest.mark.parametrize(
    ("beginning", "names"),
    [
        ("kind-", [*KINDS, FINDING]),
        ("devices-happened-", HAPPENED),
        ("refusal-", CODES),
        ("appointment-", APPOINTMENT_STATUSES),
        ("measure-", OBSERVATION_CODES),
        ("sex-", SEXES),
        ("sex-long-", SEXES),
        ("born-", SEXES),
        ("born-on-", SEXES),
        ("section-name-", SECTIONS),
        ("place-", PLACES),
        ("record-new-", FORMS),
        ("record-none-", FORMS),
        ("field-", {field.name for fields in (FORMS | SETTINGS).values() for field in fields}),
        ("choice-", CHOICES),
        ("settings-", SETTINGS),
        ("settings-help-", SETTINGS),
        ("status-", ("draft", "signed", "amended", "entered-in-error")),
        ("aside-", ("open", "note", "aside", "both", "continued")),
        ("act-", ("note.write", "note.rescue", "note.restore", "note.amend")),
        ("waiting-", ("held", "journaled", "outstanding", "refused")),
        ("error-", ("401", "404", "500", "401-title", "404-title", "500-title")),
    ],
)
def test_whatever_the_record_holds_has_its_words(beginning: str, names: Any) -> None:
    assert {beginning + name for name in names} - MESSAGES == set()


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_a_template_says_nothing_by_itself(path: Path) -> None:
    said: list[str] = []
    tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    page = "".join(data.data for data in tree.find_all(nodes.TemplateData))
    for text in re.split(r"<[^>]*>", page):
        said += [word for word in text.split() if word not in ALWAYS_LITERAL]
    attributes = re.findall(r'\b(?:aria-label|title|alt|placeholder)="([^"]+)"', page)
    said += [a for a in attributes if a not in ALWAYS_LITERAL]
    assert [word for word in said if re.search(r"[^\W\d_]{2,}", word)] == []


def test_a_literal_word_in_a_template_would_be_found() -> None:
    page = "<p>Bonjour {{ _('x') }}</p>"
    tree = jinja2.Environment(autoescape=True).parse(page)
    data = "".join(one.data for one in tree.find_all(nodes.TemplateData))
    assert "Bonjour" in " ".join(re.split(r"<[^>]*>", data))


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("fr", 0, "0 an"),
        ("fr", 1, "1 an"),
        ("fr", 2, "2 ans"),
        ("en", 0, "0 years"),
        ("en", 1, "1 year"),
    ],
)
def test_a_number_agrees_as_its_language_wants(language: Any, count: int, expected: str) -> None:
    assert CATALOGUES[language].counted("age-years", count) == expected


def test_a_page_carries_what_its_scripts_say_and_little_else() -> None:
    carried = CATALOGUES["fr"].said_by(['words("cancel"); words(`kind-${kind}`)'])
    assert set(carried) == {"cancel"} | {name for name in MESSAGES if name.startswith("kind-")}
