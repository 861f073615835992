"""The project's own files as these tests see them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "anamnesis"
NOT_OURS = frozenset(
    {
        ".cache",
        ".git",
        ".venv",
        ".hypothesis",
        ".import_linter_cache",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        "__pycache__",
        "node_modules",
        "var",
        "vendor",
        "build",
        "dist",
    }
)


def files(top: Path, *suffixes: str) -> list[Path]:
    """Every file of ours below `top` with one of `suffixes` (all files when none is given)."""
    found: list[Path] = []
    for path in sorted(top.iterdir()):
        if path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            found.extend(files(path, *suffixes))
        elif not suffixes or path.suffix in suffixes:
            found.append(path)
    return found


def shown(path: Path) -> str:
    """`path` as a reader names it: from the project's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@dataclass(frozen=True)
class Definition:
    """A class or function and where it is."""

    where: str
    name: str
    lines: int
    kind: str


def definitions(path: Path) -> Iterator[Definition]:
    """Every class and function in `path`, nested ones included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            end = node.end_lineno or node.lineno
            yield Definition(
                where=f"{shown(path)}:{node.lineno}",
                name=node.name,
                lines=end - node.lineno + 1,
                kind="class" if isinstance(node, ast.ClassDef) else "function",
            )
