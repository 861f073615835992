"""What must not be in the tree: unfinished work, and traces of the machine it was made on."""

import ast
import re

from tests.architecture.tree import ROOT, SOURCE, files, parsed, shown

MARKS = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
MACHINE = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            r"pythonhosted" + r"\.org",
            r"registry\.npm" + r"js",
            r"(?<![\w.])/wo" + r"rk/",
            r"(?<![\w.])/ho" + r"me/\w",
            r"(?<![\w.])/ro" + r"ot/",
        ]
    )
)
TEXT = frozenset(
    {
        *(".py", ".js", ".ts", ".html", ".css", ".md", ".sql", ".toml", ".lock", ".json"),
        *(".po", ".pot", ".cfg", ".txt", ".webmanifest", ".yml", ".sh"),
    }
)


def texts() -> list[tuple[str, int, str]]:
    paths = [*files(ROOT, *TEXT), ROOT / "Makefile", ROOT / ".ci" / "run", ROOT / ".gitignore"]
    return [
        (shown(path), number, line)
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


def test_no_mark_of_unfinished_work() -> None:
    found = [f"{where}:{n}" for where, n, line in texts() if MARKS.search(line)]
    assert found == []


def test_no_registry_and_no_path_of_one_machine() -> None:
    found = [f"{where}:{n}: {line[:80]}" for where, n, line in texts() if MACHINE.search(line)]
    assert found == []


def test_no_stub_in_the_product() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in files(SOURCE, ".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Name) and node.id == "NotImplemented" + "Error"
    ]
    assert found == []


def test_every_locked_file_has_its_digest_and_no_address() -> None:
    for lock in ("requirements.lock", "requirements-test.lock", "requirements-setup.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text, lock
        for requirement in re.split(r"\n(?=\S)", text):
            assert "--hash=sha256:" in requirement, (lock, requirement[:60])
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
