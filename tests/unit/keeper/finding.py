"""What the tests of devices, screens and consultations find things with."""

from collections.abc import Sequence

from anamnesis.keeper.findings import Findings
from anamnesis.keeper.judgement import Disagreement
from anamnesis.keeper.received import Expected
from tests.unit.keeper.fakes import FakeClock, FakeMarks


class Book:
    """Remembers which codes it was told of, and what came right."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.righted_: list[str] = []
        self.instead_of: list[str] = []

    def wrong(
        self,
        found: list[Disagreement],
        features: list[tuple[str, ...]],
        instead_of: Sequence[str] = (),
    ) -> None:
        self.codes += [one.code for one in found]
        self.instead_of += instead_of

    def righted(self, entries: list[Expected]) -> None:
        self.righted_ += [one.id for one in entries]


class Guarding:
    """Remembers whose page is accused of what."""

    def __init__(self) -> None:
        self.accused: list[tuple[str, str]] = []

    def features_of(self, practice: str, author: str) -> tuple[str, ...]:
        return ("letters",)

    def page_loses(self, code: str, practice: str, author: str, since: str) -> None:
        self.accused.append((code, author))


class Found:
    """Findings, and who hears of them."""

    def __init__(self, marks: FakeMarks, clock: FakeClock) -> None:
        self.book, self.guarding = Book(), Guarding()
        self.findings = Findings(self.book, self.guarding, marks, clock)  # type: ignore[arg-type]

    @property
    def codes(self) -> list[str]:
        return self.book.codes
