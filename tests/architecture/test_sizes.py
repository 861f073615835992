"""Sizes that keep a file readable in one sitting. What is larger is listed, and may only shrink."""

from pathlib import Path

from tests.architecture.tree import ROOT, SOURCE, definitions, files, shown

MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 70
TEST_MODULE_LINES_MAX = 500
RATCHET_LINES_LOOSE_MAX = 25

MODULES_LARGER: dict[str, int] = {
    # One file each on purpose: an auditor carries the one away, the page loads the other alone.
    "src/anamnesis/receipt/standalone.py": 430,
    "src/anamnesis/web/static/verify-receipt.js": 400,
}
FUNCTIONS_LARGER: dict[str, int] = {}


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_large(top: Path, limit: int) -> dict[str, int]:
    sizes = {shown(path): lines_of(path) for path in files(top, ".py", ".js")}
    return {name: lines for name, lines in sizes.items() if lines > limit}


def test_a_module_is_read_in_one_sitting() -> None:
    found = too_large(SOURCE, MODULE_LINES_MAX)
    assert {n: s for n, s in found.items() if s > MODULES_LARGER.get(n, 0)} == {}


def test_a_test_module_is_read_in_one_sitting() -> None:
    found = too_large(ROOT / "tests", TEST_MODULE_LINES_MAX)
    assert {n: s for n, s in found.items() if s > MODULES_LARGER.get(n, 0)} == {}


def test_the_ratchet_of_modules_holds_only_what_is_still_too_large() -> None:
    found = too_large(ROOT / "src", MODULE_LINES_MAX) | too_large(
        ROOT / "tests", TEST_MODULE_LINES_MAX
    )
    loose = {n for n, s in MODULES_LARGER.items() if s - found.get(n, 0) > RATCHET_LINES_LOOSE_MAX}
    assert loose == set()


def test_a_function_fits_on_a_screen() -> None:
    found = {
        f"{d.where.rpartition(':')[0]}:{d.name}": d.lines
        for path in files(ROOT / "src", ".py") + files(ROOT / "tests", ".py")
        for d in definitions(path)
        if d.kind == "function" and d.lines > FUNCTION_LINES_MAX
    }
    assert {n: s for n, s in found.items() if s > FUNCTIONS_LARGER.get(n, 0)} == {}
    assert set(FUNCTIONS_LARGER) - set(found) == set()
