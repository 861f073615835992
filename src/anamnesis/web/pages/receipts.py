"""My receipts: what is proven, what waits, and where. The keeper has them; a script asks it."""

from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from anamnesis.web.desk import Desk


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/receipts`."""

    @get("/receipts", sync_to_thread=True)
    def receipts(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        outstanding = desk.outstanding_of(identity)
        return desk.page(request, "receipts.html", identity, outstanding=outstanding)

    return [receipts]
