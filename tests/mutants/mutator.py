"""Small wrong changes to one Python source, found by its syntax tree and made in its text.

Each is what somebody could mistype or leave out: a comparison turned round, a statement missing, a
column of an SQL statement that is another. Every change still compiles, and none is a comment's, a
docstring's, an annotation's or a log line's.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Change: TypeAlias = tuple[ast.AST, str, str]
"""The node whose text is replaced, the operator's name, the new text."""

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
REVERSED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
SQL = re.compile(r"\b(?:SELECT|INSERT INTO|REPLACE INTO|UPDATE|DELETE FROM|CREATE)\b")
COLUMNS = re.compile(r"\b(\w+), (\w+)\b")
CLAUSES = (
    ("sql-no-where", re.compile(r"\bWHERE\b(?:(?!\bORDER BY\b|\bLIMIT\b|;|\)|\bEND\b)[\s\S])*")),
    (
        "sql-no-term",
        re.compile(r"\bAND\b(?:(?!\bAND\b|\bORDER BY\b|\bLIMIT\b|;|\)|\bEND\b)[\s\S])*"),
    ),
    ("sql-no-order", re.compile(r"\bORDER BY\b(?:(?!\bLIMIT\b|;|\))[\s\S])*")),
)
COMPARISONS = ((" = ", " != "), (" > ", " >= "), (" < ", " <= "), (" >= ", " > "), (" <= ", " < "))
LOGS = ("_log", "log", "logging")


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the bytes `start` to `end` of its source become `after`."""

    path: str
    line: int
    operator: str
    start: int
    end: int
    before: str
    after: str
    number: int

    @property
    def name(self) -> str:
        """What it is called on the command line; the same for the same source."""
        return f"{self.path}:{self.line}:{self.operator}:{self.number}"

    def made_in(self, source: str) -> str:
        """The source with the change in it."""
        data = source.encode()
        return (data[: self.start] + self.after.encode() + data[self.end :]).decode()

    def is_another_program(self, source: str) -> bool:
        """Whether the changed source compiles, to something else."""
        made = self.made_in(source)
        try:
            compile(made, self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
        return ast.dump(ast.parse(made)) != ast.dump(ast.parse(source))


def mutants_of(source: str, path: str) -> list[Mutant]:
    """Every change there is, in the order of the text; some may not compile, or change nothing."""
    tree = ast.parse(source)
    text = source.encode()
    starts = _line_starts(text)
    found: list[Mutant] = []
    numbers: dict[tuple[int, str], int] = {}
    for node, operator, after in _changes(tree):
        start, end = _span(node, starts)
        if isinstance(node, ast.With | ast.AsyncWith):
            end = text.index(b":", _span(node.items[-1].context_expr, starts)[1])
        before = text[start:end].decode()
        key = (node.lineno, operator)  # type: ignore[attr-defined]
        mutant = Mutant(path, key[0], operator, start, end, before, after, numbers.get(key, 0))
        numbers[key] = mutant.number + 1
        found.append(mutant)
    return sorted(found, key=lambda one: (one.start, one.operator, one.number))


def _line_starts(text: bytes) -> list[int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _span(node: ast.AST, starts: list[int]) -> tuple[int, int]:
    place = node
    assert isinstance(place, ast.expr | ast.stmt)
    assert place.end_lineno is not None
    assert place.end_col_offset is not None
    return (
        starts[place.lineno - 1] + place.col_offset,
        starts[place.end_lineno - 1] + place.end_col_offset,
    )


def _changes(tree: ast.Module) -> Iterator[Change]:
    for node in _reached(tree):
        for change in _CHANGES:
            yield from change(node)


def _reached(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that may be changed."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.JoinedStr):
                continue  # the tree does not say where its parts are
            if isinstance(child, ast.AST) and not _is_passed_over(child):
                yield from _reached(child)


def _is_passed_over(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Assign):
        return any(isinstance(one, ast.Name) and one.id == "__all__" for one in node.targets)
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Constant):
        return True  # a docstring, or the sentence under a constant
    return isinstance(value, ast.Call) and ast.unparse(value.func).startswith(
        tuple(f"{log}." for log in LOGS)
    )


def _expression(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _comparisons(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Compare):
        return
    for place, one in enumerate(node.ops):
        for table, name in ((COMPARED, "comparison"), (REVERSED, "reversed-comparison")):
            if type(one) in table:
                changed = copy.deepcopy(node)
                changed.ops[place] = table[type(one)]()
                yield node, name, _expression(changed)


def _calculations(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in CALCULATED:
        changed = copy.deepcopy(node)
        changed.op = CALCULATED[type(node.op)]()
        yield node, "calculation", _expression(changed)
    if isinstance(node, ast.AugAssign) and type(node.op) in CALCULATED:
        other = copy.deepcopy(node)
        other.op = CALCULATED[type(node.op)]()
        yield node, "calculation", ast.unparse(other)
        plain = ast.Assign([node.target], node.value, lineno=node.lineno)
        yield node, "assigned-only", ast.unparse(plain)


def _logic(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield node, "and-or", _expression(changed)
        for place in range(len(node.values)):
            rest = [one for number, one in enumerate(node.values) if number != place]
            kept = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield node, "operand-left-out", _expression(kept)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, "not-left-out", _expression(node.operand)


def _conditions(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        test = node.test
        if not isinstance(test, ast.UnaryOp) and not isinstance(test, ast.Constant):
            yield test, "condition-negated", f"(not {_expression(test)})"
        if not isinstance(test, ast.Constant):
            yield test, "condition-false", "False"
            if not isinstance(node, ast.While):
                yield test, "condition-true", "True"
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield test, "filter-left-out", "True"
            yield test, "filter-negated", f"(not {_expression(test)})"


def _constants(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield node, "constant", repr(not value)
    elif isinstance(value, int | float):
        for near in (value + 1, value - 1, type(value)(0)):
            yield node, "constant", f"({near!r})" if near < 0 else repr(near)
    elif isinstance(value, str) and SQL.search(value):
        for name, other in _other_sql(value):
            yield node, name, repr(other)
    elif isinstance(value, str | bytes):
        empty, more = (b"", b"x") if isinstance(value, bytes) else ("", "x")
        yield node, "constant", repr(empty if value else more)
        if value:
            yield node, "constant", repr(value + more)  # type: ignore[operator]


def _other_sql(sql: str) -> Iterator[tuple[str, str]]:
    for pair in COLUMNS.finditer(sql):
        swapped = f"{pair[2]}, {pair[1]}"
        yield "sql-columns-swapped", sql[: pair.start()] + swapped + sql[pair.end() :]
    for name, clause in CLAUSES:
        for found in clause.finditer(sql):
            yield name, sql[: found.start()].rstrip() + " " + sql[found.end() :].lstrip()
    for sign, other in COMPARISONS:
        for place in re.finditer(re.escape(sign), sql):
            yield "sql-comparison", sql[: place.start()] + other + sql[place.end() :]


def _returns(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Return) or node.value is None:
        return
    if not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield node, "returns-none", "return None"


def _statements(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Delete | ast.Assert):
        yield node, "statement-left-out", "pass"
    elif isinstance(node, ast.Raise):
        yield node, "raise-left-out", "pass"
    elif isinstance(node, ast.Break):
        yield node, "break-continue", "continue"
    elif isinstance(node, ast.Continue):
        yield node, "break-continue", "break"
    elif isinstance(node, ast.With | ast.AsyncWith) and all(
        item.optional_vars is None for item in node.items
    ):
        yield node, "with-left-out", "if True"


def _calls(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Await):
        yield node, "await-left-out", _expression(node.value)
    if not isinstance(node, ast.Call):
        return
    for place in range(len(node.args) - 1):
        changed = copy.deepcopy(node)
        changed.args[place : place + 2] = [node.args[place + 1], node.args[place]]
        yield node, "arguments-swapped", ast.unparse(changed)
    for place in range(len(node.keywords)):
        changed = copy.deepcopy(node)
        del changed.keywords[place]
        yield node, "keyword-left-out", ast.unparse(changed)
    if len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred):
        yield node, "call-left-out", _expression(node.args[0])


def _collections(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        read = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        for place in range(len(node.elts) if read and len(node.elts) > 1 else 0):
            without = copy.deepcopy(node)
            del without.elts[place]
            yield node, "element-left-out", _expression(without)
    if isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            fewer = copy.deepcopy(node)
            del fewer.keys[place], fewer.values[place]
            yield node, "element-left-out", ast.unparse(fewer)
    if isinstance(node, ast.For):
        yield node.iter, "first-left-out", f"list({ast.unparse(node.iter)})[1:]"
        yield node.iter, "last-left-out", f"list({ast.unparse(node.iter)})[:-1]"


_CHANGES: tuple[Callable[[ast.AST], Iterator[Change]], ...] = (
    _comparisons,
    _calculations,
    _logic,
    _conditions,
    _constants,
    _returns,
    _statements,
    _calls,
    _collections,
)
