"""What features add to pages, as the pages ask for it; whoever hosts features answers."""

from typing import Any, Protocol

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from anamnesis.features.feature import PageParts


class FeaturePages(Protocol):
    """Asked by every page that shows a note. A feature that fails adds nothing, and is reported."""

    def names(self, practice: str, practitioner: str) -> tuple[str, ...]:
        """The features that run for this practitioner, sorted."""
        ...

    def parts(
        self, practice: str, practitioner: str, encounter: str, patient: str
    ) -> list[tuple[str, PageParts]]:
        """What each adds to an encounter's page, with the name under which its script is got."""
        ...

    def shown(self, practice: str, practitioner: str, sections: dict[str, str]) -> dict[str, str]:
        """A note's sections as its page is to show them."""
        ...

    def script(self, name: str) -> str | None:
        """The script of this name, if some page has it."""
        ...


class NoFeatures:
    """Pages without any."""

    def names(self, practice: str, practitioner: str) -> tuple[str, ...]:
        """None."""
        del practice, practitioner
        return ()

    def parts(
        self, practice: str, practitioner: str, encounter: str, patient: str
    ) -> list[tuple[str, PageParts]]:
        """Nothing."""
        del practice, practitioner, encounter, patient
        return []

    def shown(self, practice: str, practitioner: str, sections: dict[str, str]) -> dict[str, str]:
        """The sections as they are."""
        del practice, practitioner
        return sections

    def script(self, name: str) -> str | None:
        """None."""
        del name
        return None


def routes(pages: FeaturePages) -> list[HTTPRouteHandler]:
    """`/features/{name}`: the scripts that features bring."""

    @get("/features/{name:str}", sync_to_thread=False)
    def script(name: FromPath[str]) -> Response[Any]:
        found = pages.script(name)
        if found is None:
            raise NotFoundException
        headers = {"cache-control": "private, no-cache"}
        return Response(found.encode(), media_type="text/javascript", headers=headers)

    return [script]
