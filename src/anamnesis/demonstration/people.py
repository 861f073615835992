"""Two hundred people of all ages: who they are, what they have, what they take."""

from dataclasses import dataclass
from datetime import date, timedelta

from anamnesis.demonstration import names
from anamnesis.demonstration.body import Body
from anamnesis.demonstration.draws import Draws

PATIENTS = 200

# Bounds of age in years, and how many of a general practice's patients are between them.
AGES = ((0, 2, 9), (2, 6, 11), (6, 15, 14), (15, 30, 17), (30, 45, 20), (45, 65, 24), (65, 96, 25))

# Condition: youngest age, share of those older who have it, what is taken for it.
CONDITIONS: dict[str, tuple[int, float, tuple[str, ...]]] = {
    "HTA": (45, 0.45, (
        "ramipril 5 mg/j", "amlodipine 5 mg/j", "périndopril 4 mg/j + indapamide 1,25 mg/j",
        "valsartan 80 mg/j",
    )),
    "DT2": (45, 0.2, (
        "metformine 850 mg x 2/j", "metformine 1 000 mg x 2/j + gliclazide LP 60 mg/j",
        "metformine 1 000 mg x 2/j + dapagliflozine 10 mg/j",
    )),
    "dyslipidémie": (45, 0.3, ("atorvastatine 20 mg/j", "rosuvastatine 5 mg/j")),
    "hypothyroïdie": (30, 0.1, ("lévothyroxine 75 µg/j", "lévothyroxine 100 µg/j")),
    "asthme": (6, 0.12, (
        "béclométasone 100 µg 1 bouffée x 2/j, salbutamol si besoin",
        "budésonide/formotérol 100/6 1 bouffée x 2/j",
    )),
    "insuffisance cardiaque": (72, 0.18, (
        "bisoprolol 5 mg/j, furosémide 40 mg/j, ramipril 5 mg/j",
    )),
}  # fmt: skip

PAST = (
    "appendicectomie", "amygdalectomie", "cholécystectomie", "fracture du poignet", "migraine",
    "RGO", "entorses de cheville à répétition", "lithiase urinaire", "varices opérées",
    "canal carpien opéré",
)  # fmt: skip
ALLERGIES = (
    "aucune connue", "aucune connue", "aucune connue", "aucune connue", "RAS",
    "amoxicilline (éruption, enfance)", "pollens de graminées", "iode (doute)", "acariens",
    "arachide (stylo d’adrénaline)",
)  # fmt: skip
TOBACCO = (
    "non", "non", "jamais", "sevré{e} depuis 8 ans", "10 cig/j depuis l’âge de 18 ans, 12 PA",
    "5 cig/j, projet d’arrêt", "vapote",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One patient, with what does not change from one encounter to the next."""

    id: str
    content: dict[str, str]
    body: Body
    conditions: frozenset[str]
    treatment: str
    past: str
    allergies: str
    tobacco: str
    trade: str
    pregnant_since: date | None

    @property
    def sex(self) -> str:
        """`female` or `male`."""
        return self.content["sex"]

    def age_years(self, day: date) -> float:
        """Age in years with its fraction, negative before birth."""
        return self.body.age_years(day)

    def weeks_pregnant(self, day: date) -> int | None:
        """Weeks of amenorrhoea on that day, if between 6 and 41."""
        if self.pregnant_since is None:
            return None
        weeks = (day - self.pregnant_since).days // 7
        return weeks if 6 <= weeks <= 41 else None

    def conditions_on(self, day: date) -> frozenset[str]:
        """What makes somebody come back, that day."""
        found = set(self.conditions)
        if self.conditions:
            found.add("traitement")
        if self.weeks_pregnant(day) is not None:
            found.add("grossesse")
        return frozenset(found)


def population(draws: Draws, today: date, many: int = PATIENTS) -> list[Person]:
    """`many` people registered with the practice, the same for the same draws and day."""
    return [_person(draws.of("patient", number), today) for number in range(many)]


def _person(draws: Draws, today: date) -> Person:
    low, high, _ = draws.weighted(AGES, [share for _, _, share in AGES])
    born = today - timedelta(days=draws.between(low * 365 + 20, high * 365))
    sex = "female" if draws.chance(0.53) else "male"
    age = (today - born).days / 365.25
    conditions = _conditions(draws.of("conditions"), age)
    return Person(
        id=draws.of("id").fixed_id(),
        content=_identity(draws.of("identity"), born, sex, age),
        body=_body(draws.of("body"), born, sex, conditions, today),
        conditions=conditions,
        treatment=_treatment(draws.of("treatment"), conditions, age),
        past=_past(draws.of("past"), conditions, age),
        allergies=draws.pick(ALLERGIES),
        tobacco="non" if age < 16 else draws.pick(TOBACCO).format(e="e" if sex == "female" else ""),
        trade=_trade(draws.of("trade"), sex, age),
        pregnant_since=_pregnancy(draws.of("pregnancy"), sex, age, today),
    )


def _conditions(draws: Draws, age: float) -> frozenset[str]:
    return frozenset(
        name
        for name, (youngest, share, _) in CONDITIONS.items()
        if age >= youngest and draws.of(name).chance(share)
    )


def _treatment(draws: Draws, conditions: frozenset[str], age: float) -> str:
    taken = [draws.pick(CONDITIONS[name][2]) for name in CONDITIONS if name in conditions]
    if age >= 70 and draws.chance(0.4):
        taken.append("paracétamol si besoin")
    return " ; ".join(taken) or "aucun"


def _past(draws: Draws, conditions: frozenset[str], age: float) -> str:
    if age < 12:
        return draws.pick(("RAS", "RAS", "bronchiolite à 5 mois", "otites", "prématurité (35 SA)"))
    known = [name for name in CONDITIONS if name in conditions]
    known += draws.some(PAST, 0, 1 + (age > 40) + (age > 65))
    return ", ".join(known) or "RAS"


def _identity(draws: Draws, born: date, sex: str, age: float) -> dict[str, str]:
    decades = names.GIRLS if sex == "female" else names.BOYS
    since = max((year for year in decades if year <= born.year), default=min(decades))
    firsts = draws.some(decades[since].split(), 1, 2)
    birth_name = draws.pick(names.FAMILY)
    married = sex == "female" and age > 28 and draws.chance(0.4)
    place = draws.weighted(names.COMMUNES, [share for _, _, share in names.COMMUNES])
    mobile = f"06 39 98 {draws.between(0, 99):02d} {draws.between(0, 99):02d}"
    street = f"{draws.between(1, 88)} {draws.pick(names.STREETS)}"
    return {
        "birth_name": birth_name.upper(),
        "used_name": draws.pick(names.FAMILY).upper() if married else "",
        "first_names": " ".join(firsts),
        "birth_date": born.isoformat(),
        "sex": sex,
        "birth_place": place[0],
        "telephone": mobile,
        "address": f"{street}, {draws.pick(names.TOWNS)}",
    }


def _body(draws: Draws, born: date, sex: str, conditions: frozenset[str], today: date) -> Body:
    female = sex == "female"
    height = draws.around(163, 6) if female else draws.around(176, 6.5)
    index = draws.around(24.5, 3.2) + (3 if "DT2" in conditions else 0)
    pressured = "HTA" in conditions
    return Body(
        sex=sex,
        born=born,
        z=draws.around(0, 0.8),
        adult_height_cm=height,
        adult_weight_kg=index * (height / 100) ** 2,
        systolic=draws.between(148, 172) if pressured else draws.between(112, 130),
        diastolic=draws.between(86, 98) if pressured else draws.between(66, 80),
        treated_from=today - timedelta(days=draws.between(300, 1000)) if pressured else None,
    )


def _trade(draws: Draws, sex: str, age: float) -> str:
    if age < 18:
        return "scolarisée" if sex == "female" else "scolarisé"
    if age > 63:
        return "retraitée" if sex == "female" else "retraité"
    return draws.pick(names.TRADES)[sex != "female"]


def _pregnancy(draws: Draws, sex: str, age: float, today: date) -> date | None:
    """The first day of the last menstruation of a pregnancy in the years told of, if any."""
    if sex != "female" or not 23 <= age <= 41 or not draws.chance(0.45):
        return None
    return today - timedelta(days=draws.between(60, 900))
