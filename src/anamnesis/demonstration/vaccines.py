"""Which vaccines somebody has had, by their age: near the French calendar, and no source for it."""

from dataclasses import dataclass
from datetime import date, timedelta

from anamnesis.demonstration.draws import Draws

MONTH_DAYS = 30.44
FIRST_TOLD_YEARS = 20
"""Older injections than these are on paper that nobody has any more."""
AUTUMN = (10, 20)
SEASONS = 3
LATE_DAYS = 25
OLD_YEARS = 65


@dataclass(frozen=True)
class Injection:
    """One vaccine on one day."""

    vaccine: str
    day: date
    dose: str
    lot: str
    site: str


_THIGH, _ARM = "cuisse", "deltoïde"

# Vaccine, age in months, which dose, where.
_CALENDAR: tuple[tuple[str, float, str, str], ...] = (
    ("Hexavalent (DTCaP-Hib-HepB)", 2, "1re dose", _THIGH),
    ("Pneumocoque conjugué", 2, "1re dose", _THIGH),
    ("Méningocoque B", 3, "1re dose", _THIGH),
    ("Hexavalent (DTCaP-Hib-HepB)", 4, "2e dose", _THIGH),
    ("Pneumocoque conjugué", 4, "2e dose", _THIGH),
    ("Méningocoque B", 5, "2e dose", _THIGH),
    ("Méningocoques ACWY", 6, "1re dose", _THIGH),
    ("Hexavalent (DTCaP-Hib-HepB)", 11, "rappel", _THIGH),
    ("Pneumocoque conjugué", 11, "rappel", _THIGH),
    ("ROR (rougeole, oreillons, rubéole)", 12, "1re dose", _ARM),
    ("Méningocoques ACWY", 12, "2e dose", _ARM),
    ("ROR (rougeole, oreillons, rubéole)", 17, "2e dose", _ARM),
    ("DTCaP (rappel 6 ans)", 73, "rappel", _ARM),
    ("HPV 9-valent", 136, "1re dose", _ARM),
    ("dTcaP (rappel 11–13 ans)", 142, "rappel", _ARM),
    ("HPV 9-valent", 144, "2e dose", _ARM),
    ("dTcaP (rappel 25 ans)", 25 * 12 + 4, "rappel", _ARM),
    ("dTP (rappel 45 ans)", 45 * 12 + 5, "rappel", _ARM),
    ("dTP (rappel 65 ans)", 65 * 12 + 3, "rappel", _ARM),
    ("Pneumocoque conjugué 20-valent", 66 * 12, "dose unique", _ARM),
    ("Zona (recombinant)", 67 * 12, "1re dose", _ARM),
    ("Zona (recombinant)", 67 * 12 + 3, "2e dose", _ARM),
    ("dTP (rappel 75 ans)", 75 * 12 + 2, "rappel", _ARM),
    ("dTP (rappel 85 ans)", 85 * 12 + 2, "rappel", _ARM),
)
_AVAILABLE = {
    "Méningocoque B": 2022,
    "Méningocoques ACWY": 2025,
    "HPV 9-valent": 2018,
    "Pneumocoque conjugué 20-valent": 2024,
    "Zona (recombinant)": 2024,
}
"""The year from which a vaccine is given, for those that are new."""
FLU, FLU_YOUNG = "Grippe saisonnière, haute dose", "Grippe saisonnière"


def injections(born: date, today: date, *, ill: bool, draws: Draws) -> list[Injection]:
    """What was injected up to `today`, oldest first; `ill` says that flu is a danger."""
    planned: list[tuple[str, date, str, str]] = []
    for vaccine, months, dose, site in _CALENDAR:
        late = draws.of(vaccine, dose).between(0, LATE_DAYS)
        day = _weekday(born + timedelta(days=round(months * MONTH_DAYS) + late))
        if day.year >= _AVAILABLE.get(vaccine, 0):
            planned.append((vaccine, day, dose, site))
    planned += _flu(born, today, ill=ill, draws=draws.of("flu"))
    oldest = today - timedelta(days=FIRST_TOLD_YEARS * 365)
    found = [
        _injection(one, draws.of("lot", one[0], one[1]))
        for one in planned
        if oldest < one[1] < today and draws.of("had", one[0], one[2]).chance(0.88)
    ]
    return sorted(found, key=lambda one: one.day)


def _flu(born: date, today: date, *, ill: bool, draws: Draws) -> list[tuple[str, date, str, str]]:
    found: list[tuple[str, date, str, str]] = []
    for year in range(today.year - SEASONS, today.year + 1):
        day = _weekday(date(year, *AUTUMN) + timedelta(days=draws.of(year).between(0, 40)))
        old = (day - born).days > OLD_YEARS * 365.25
        if (old or ill) and draws.of("comes", year).chance(0.7):
            found.append((FLU if old else FLU_YOUNG, day, "annuelle", _ARM))
    return found


def _injection(planned: tuple[str, date, str, str], draws: Draws) -> Injection:
    vaccine, day, dose, where = planned
    letters = "".join(draws.pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(2))
    lot = f"{letters}{draws.between(100, 999)}{draws.pick('ABCDEF')}"
    side = draws.pick(("gauche", "droit")) if where == _ARM else draws.pick(("gauche", "droite"))
    return Injection(vaccine, day, dose, lot, f"{where} {side}")


def _weekday(day: date) -> date:
    """The Monday after it, if the practice is closed."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
