"""What every page needs at hand: the record, the templates, the words, the calendar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from litestar import MediaType, Request, Response
from litestar.exceptions import NotAuthorizedException

from anamnesis import __version__
from anamnesis.clinical.appointment import APPOINTMENT_STATUSES
from anamnesis.clinical.observation import MEASURES
from anamnesis.clinical.sections import SECTIONS
from anamnesis.incident.dispatch import OpenDispatches
from anamnesis.record.model import Colleague, Outstanding
from anamnesis.record.search import SearchIndex
from anamnesis.record.store import ZONE, RecordReader
from anamnesis.rollout.sentinels import is_sentinel
from anamnesis.web.archive.gathering import OpenLooks, no_looks
from anamnesis.web.catalogue import Catalogue, Language, read_catalogues
from anamnesis.web.dates import Dates, age, utc_now
from anamnesis.web.feature_pages import FeaturePages, NoFeatures
from anamnesis.web.identity import Identity, identity_of, language_of
from anamnesis.web.no_incidents import OpenIncidents, no_incidents
from anamnesis.web.pages.encounter import unit_shown
from anamnesis.web.printing.documents import Printing
from anamnesis.web.printing.press import Press

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
NOTE_LANGUAGE: Language = "fr"
"""What notes are written, and their spelling checked, in: whatever the language of the pages."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What an operator chooses about the pages."""

    build: str = __version__
    language: Language = "fr"
    zone: str = ZONE
    organisation: str = ""
    now: Callable[[], datetime] = utc_now


class Desk:
    """Answers requests with pages in the language of who asks. Safe to share between threads."""

    def __init__(
        self,
        reader: RecordReader,
        settings: WebSettings,
        index: SearchIndex | None = None,
        features: FeaturePages | None = None,
        incidents: OpenIncidents = no_incidents,
        looks: OpenLooks = no_looks,
        dispatches: OpenDispatches | None = None,
    ) -> None:
        self.reader = reader
        self.features = features or NoFeatures()
        self.incidents = incidents
        self.looks = looks
        self.dispatches = dispatches
        """The queue of e-mails; None where no mail server is set."""
        self.index = index
        self.settings = settings
        self._zone = ZoneInfo(settings.zone)
        self._catalogues = read_catalogues()
        self.press = Press()
        self.printing = Printing(reader, self._catalogues[NOTE_LANGUAGE], self._zone, self.press)
        scripts = [path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")]
        self._carried = {
            language: catalogue.said_by(scripts) for language, catalogue in self._catalogues.items()
        }
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "measures": MEASURES,
            "statuses": APPOINTMENT_STATUSES,
            "section_names": SECTIONS,
            "unit_shown": unit_shown,
            "note_language": NOTE_LANGUAGE,
        }

    def words(self, request: Request[Any, Any, Any]) -> Catalogue:
        """The words in the language of who asks."""
        return self._catalogues[language_of(request, self.settings.language)]

    def dates(self, request: Request[Any, Any, Any]) -> Dates:
        """Dates in the language of who asks."""
        return Dates(language_of(request, self.settings.language), self._zone)

    def catalogue(self, language: Language) -> Catalogue:
        """The words in a language that somebody chose for a paper."""
        return self._catalogues[language]

    def dates_in(self, language: Language) -> Dates:
        """Dates in that language."""
        return Dates(language, self._zone)

    def today(self) -> date:
        """The day it is where the practice is."""
        return Dates("fr", self._zone).local_day(self.settings.now())

    def age(self, request: Request[Any, Any, Any], birth_date: str) -> str:
        """How old, in words; nothing when the date of birth is not known."""
        if not birth_date:
            return ""
        number, unit = age(birth_date, self.today())
        return self.words(request).counted(f"age-{unit}", number)

    def colleagues(self, identity: Identity) -> list[Colleague]:
        """Everybody of every practice; the sentinels are there for one another only."""
        everybody = self.reader.directory()
        if is_sentinel(identity.practice):
            return everybody
        return [one for one in everybody if not is_sentinel(one.practice)]

    def page(
        self,
        request: Request[Any, Any, Any],
        template: str,
        identity: Identity | None = None,
        status_code: int = 200,
        **values: object,
    ) -> Response[str]:
        """The page that `template` makes of `values`."""
        words = self.words(request)
        html = self._templates.get_template(template).render(
            _=words,
            dates=self.dates(request),
            age=lambda birth_date: self.age(request, birth_date),
            identity=identity,
            language=words.language,
            other_language="en" if words.language == "fr" else "fr",
            messages=self._carried[words.language],
            here=request.url.path,
            address=_address(request),
            build=self.settings.build,
            **values,
        )
        return Response(html, status_code=status_code, media_type=MediaType.HTML)

    def parts(
        self, request: Request[Any, Any, Any], template: str, **values: object
    ) -> Iterator[bytes]:
        """What `template` makes of `values`, part by part as it is made: for what is long."""
        words = self.words(request)
        made = self._templates.get_template(template).generate(
            _=words, dates=self.dates(request), language=words.language, **values
        )
        return (part.encode() for part in made)

    def signed_in(self, request: Request[Any, Any, Any]) -> Identity:
        """Who asks; raises NotAuthorizedException without a session."""
        return identity_of(request)

    def whoever(self, request: Request[Any, Any, Any]) -> Identity | None:
        """Who asks, if anybody is signed in."""
        try:
            return identity_of(request)
        except NotAuthorizedException:
            return None

    def outstanding_of(self, identity: Identity) -> list[Outstanding]:
        """This practitioner's entries that the record could not take."""
        found = self.reader.outstanding(identity.practice)
        return [one for one in found if one.author == identity.practitioner]


def _address(request: Request[Any, Any, Any]) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
