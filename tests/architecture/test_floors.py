"""What import-linter cannot say yet, because the folder it speaks of may not be there."""

import ast
import tomllib

from tests.architecture.tree import ROOT, SOURCE, files, parsed, shown

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
FORBIDDEN = {
    ("keeper", "features"),
    ("keeper", "incident"),
    ("features", "journal"),
}


def imported_packages(package: str) -> dict[str, set[str]]:
    """For each file of a package, the packages of ours that it imports by name."""
    found: dict[str, set[str]] = {}
    for path in files(SOURCE / package, ".py"):
        names: set[str] = set()
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
        found[shown(path)] = {name.split(".")[1] for name in names if name.startswith("anamnesis.")}
    return found


def test_no_feature_in_the_keeper_and_no_journal_in_a_feature() -> None:
    for package, forbidden in FORBIDDEN:
        if (SOURCE / package).is_dir():
            for where, names in imported_packages(package).items():
                assert forbidden not in names, f"{where} imports {forbidden}"


def test_a_contract_is_written_down_as_soon_as_both_its_sides_exist() -> None:
    written = {
        (source.rpartition(".")[2], forbidden.rpartition(".")[2])
        for contract in CONTRACTS
        if contract["type"] == "forbidden"
        for source in contract["source_modules"]
        for forbidden in contract["forbidden_modules"]
    }
    due = {
        pair for pair in FORBIDDEN if (SOURCE / pair[0]).is_dir() and (SOURCE / pair[1]).is_dir()
    }
    assert due - written == set()


def test_every_package_of_ours_says_what_it_is_for() -> None:
    silent = [
        shown(folder)
        for folder in [SOURCE, *sorted(p for p in SOURCE.rglob("*") if p.is_dir())]
        if any(folder.glob("*.py"))
        and not (
            (folder / "__init__.py").is_file() and ast.get_docstring(parsed(folder / "__init__.py"))
        )
    ]
    assert silent == []


def test_every_script_of_a_page_is_checked_for_types() -> None:
    unchecked = [
        shown(path)
        for path in files(SOURCE / "web" / "static", ".js")
        if not path.read_text(encoding="utf-8").startswith("// @ts-check")
    ]
    assert unchecked == []
