"""What devices of the practice still hold, and which were declared lost with what they held."""

from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from anamnesis.clinical.device_loss import HAPPENED, DeviceLoss
from anamnesis.web.desk import Desk


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/devices`: the keeper tells what they hold, and a script asks it."""

    @get("/devices", sync_to_thread=True)
    def devices(request: Request[Any, Any, Any]) -> Response[str]:
        identity = desk.signed_in(request)
        found = desk.reader.practice_resources(identity.practice, "device-loss")
        everybody = desk.reader.practitioners(identity.practice)
        return desk.page(
            request,
            "devices.html",
            identity,
            declared=[(one, msgspec.convert(one.content, DeviceLoss)) for one in found][::-1],
            names={one.practitioner: one.name for one in everybody},
            happened=HAPPENED,
        )

    return [devices]
