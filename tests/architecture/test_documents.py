"""The documents say what there is: every promise, every error code, every link."""

import ast
import re
from pathlib import Path
from typing import get_args

from anamnesis.reconcile.discrepancy import DIFFERENCE_OF, Difference
from tests.architecture.tree import ROOT, SOURCE, files, parsed, shown

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|malformed")
CARRIES_A_CODE = re.compile(r"(?:Refus(?:ed|al)|NotCanonical|Damaged|Poisoned|Full|AlreadyHeld)$")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def documented_codes() -> set[str]:
    documents = [ROOT / "docs" / "protocol.md", *files(ROOT / "docs", ".md")]
    return {
        code
        for path in documents
        for code in re.findall(r"`([a-z0-9-]+)`", path.read_text(encoding="utf-8"))
    }


def codes_raised(path: Path) -> set[str]:
    """The codes that the errors raised in one module carry as their first argument."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else name
        first = node.args[0]
        if (
            CARRIES_A_CODE.search(name)
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str)
            and CODE.fullmatch(first.value)
        ):
            found.add(first.value)
    return found


def test_every_error_code_is_explained() -> None:
    known = documented_codes()
    missing = {
        code: shown(path)
        for path in files(SOURCE, ".py")
        for code in codes_raised(path)
        if code not in known
    }
    assert missing == {}


def test_errors_carry_codes_at_all() -> None:
    assert len({code for path in files(SOURCE, ".py") for code in codes_raised(path)}) >= 10


def test_every_promise_has_its_test_and_every_test_its_promise() -> None:
    promised = set(
        re.findall(
            r"\(tests/promises/(test_\w+\.py)\)",
            (ROOT / "PROMISES.md").read_text(encoding="utf-8"),
        )
    )
    tested = {path.name for path in (ROOT / "tests" / "promises").glob("test_*.py")}
    assert promised == tested
    assert tested


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{shown(path)} -> {target}"
        for path in files(ROOT, ".md")
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_make_target_in_a_document_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = {
        (shown(path), target)
        for path in files(ROOT, ".md")
        for target in re.findall(
            r"(?:^|`)make ([a-z][a-z-]*)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert {(where, target) for where, target in named if target not in targets} == set()


def test_every_decision_is_on_the_list() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert [path.name for path in records if f"({path.name})" not in listed] == []
    assert records


def test_every_setting_is_explained_to_the_operator() -> None:
    settings = (SOURCE / "settings.py").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "guide" / "operator.md").read_text(encoding="utf-8")
    names = set(re.findall(r"ANAMNESIS_[A-Z_]+[A-Z]", settings))
    assert {name for name in names if f"`{name}`" not in guide} == set()
    assert len(names) >= 5


def test_every_exit_code_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    codes = {
        node.value.value
        for node in parsed(SOURCE / "keeper" / "exits.py").body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    }
    assert {code for code in codes if f"| {code} |" not in page} == set()
    assert len(codes) >= 8


def test_every_command_is_explained_to_the_operator() -> None:
    guide = (ROOT / "docs" / "guide" / "operator.md").read_text(encoding="utf-8")
    commands = [path.stem for path in files(SOURCE / "commands", ".py")]
    named = [name for name in commands if name not in ("__init__", "progress")]
    assert {name for name in named if f"`{name}" not in guide} == set()
    assert {"demo", "doctor", "export", "rebuild", "verify"} <= set(named)


def test_every_discrepancy_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "discrepancies.md").read_text(encoding="utf-8")
    wrong = {
        code: difference
        for code, difference in DIFFERENCE_OF.items()
        if not any(
            f"`{code}`" in line and f"| `{difference}` |" in line for line in page.splitlines()
        )
    }
    assert wrong == {}
    for language in ("fr", "en"):
        catalogue = (
            SOURCE / "web" / "locale" / language / "LC_MESSAGES" / "anamnesis.po"
        ).read_text(encoding="utf-8")
        said = set(re.findall(r'msgid "difference-([a-z-]+)"', catalogue))
        assert set(get_args(Difference)) == said
