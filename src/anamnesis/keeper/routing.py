"""Every route of the keeper's own, joined to the part that answers it."""

import functools
from typing import TYPE_CHECKING

from anamnesis.keeper.device_routes import DeviceRoutes
from anamnesis.keeper.entries import EntryRoute
from anamnesis.keeper.front import Front
from anamnesis.keeper.incident_view import IncidentView
from anamnesis.keeper.journal_routes import JournalRoutes
from anamnesis.keeper.operating import Operating
from anamnesis.keeper.operator_register import OperatorRegister
from anamnesis.keeper.operator_routes import OperatorRoutes
from anamnesis.keeper.page_answers import PageAnswers
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.record_routes import RecordRoutes
from anamnesis.keeper.routes import Routes
from anamnesis.keeper.session_routes import SessionRoutes
from anamnesis.keeper.share_routes import ShareRoutes
from anamnesis.keeper.shares import Shares
from anamnesis.keeper.status_routes import StatusRoutes
from anamnesis.keeper.witness import WitnessRoute

if TYPE_CHECKING:
    from anamnesis.keeper.process import Keeper


def front_of(keeper: "Keeper", parts: Parts) -> Front:
    """The front door, with every route of the keeper's own behind it."""
    settings = parts.settings
    routes = Routes()
    shares = Shares(keeper.access, keeper.reading, keeper.audit, parts.clock)
    front = Front(
        settings,
        routes,
        keeper.sessions,
        keeper.forward,
        keeper.push,
        keeper.audit,
        shares,
        parts.away,
        lambda: keeper.vigilance.last_step.taken,
        PageAnswers(keeper.reading, keeper.vigilance.findings, keeper.vigilance.weighing.opened),
    )
    application = functools.partial(getattr, keeper.watch, "state")
    SessionRoutes(keeper.sessions, keeper.audit, settings.secure_cookies).add_to(routes)
    ShareRoutes(
        shares, keeper.reading, keeper.access, keeper.audit, settings.secure_cookies
    ).add_to(routes)
    EntryRoute(keeper.intake, keeper.read_back, keeper.audit.gave_up, front.language).add_to(routes)
    DeviceRoutes(keeper.reading, keeper.comparing.devices.in_the_field).add_to(routes)
    JournalRoutes(keeper.reading, parts.away, front.language).add_to(routes)
    RecordRoutes(keeper.intake, keeper.read_back, keeper.reading, front.language).add_to(routes)
    WitnessRoute(
        keeper.reading,
        keeper.read_back,
        keeper.received,
        application,
        keeper.screens,
        keeper.comparing,
        keeper.vigilance.running,
        keeper.vigilance.weighing.heard,
    ).add_to(routes)
    StatusRoutes(
        keeper.intake,
        keeper.read_back,
        keeper.push,
        keeper.audit,
        keeper.vigilance,
        application,
        lambda: parts.journal.size,
        parts.verification_key,
        settings.build,
    ).add_to(routes)
    _operating(keeper, parts).register(keeper.operator_view)
    incidents = IncidentView(parts.incident_survey, keeper.vigilance.guarding)
    keeper.operator_view.register("incidents", incidents.shown)
    OperatorRegister(
        keeper.intake, keeper.reading, keeper.audit, parts.clock, settings.build
    ).add_to(routes)
    OperatorRoutes(
        keeper.operator_view, keeper.vigilance.guarding, keeper.audit, parts.clock
    ).add_to(routes)
    return front


def _operating(keeper: "Keeper", parts: Parts) -> Operating:
    return Operating(
        parts.settings,
        parts.clock,
        lambda: parts.journal.size,
        parts.operator_reader,
        keeper.intake,
        keeper.read_back,
        keeper.vigilance,
        keeper.watch,
        keeper.audit,
        keeper.push,
        keeper.screens,
        keeper.comparing,
        keeper.started_at,
    )
