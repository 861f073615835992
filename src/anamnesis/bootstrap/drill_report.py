"""Makes the report of a run from what was seen, and from what the keeper wrote down."""

from contextlib import closing
from datetime import datetime

import msgspec

from anamnesis import __version__
from anamnesis.bootstrap.drill_scene import Scene
from anamnesis.drill.report import PageSeen, Registered, Report
from anamnesis.reconcile.discrepancy import Step
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader

INCIDENTS_MAX = 100


class Outcome(msgspec.Struct, frozen=True):
    """What reading everything again gave; `beside` are texts that belong to no note."""

    false_alarms: int
    lost: int
    beside: int
    pages: list[PageSeen] = []
    registered: Registered | None = None


def report_of(scene: Scene, outcome: Outcome) -> Report:
    """The report of a run that has ended."""
    steps, counted = steps_of(scene.settings, outcome.false_alarms)
    everybody = [*scene.people, *scene.concerned]
    concerned = everybody if scene.plan.what.kind in ("machine", "device") else scene.cohort
    never_sent = sum(len(one.never_sent) for one in everybody)
    pages = outcome.pages
    seen = scene.seen
    detected, suspended, back = _times(scene, steps)
    return Report(
        plan=scene.plan,
        build=__version__,
        texts=sum(one.texts + len(one.seat.notes) for one in [*everybody, *scene.beside])
        + sum(one.texts for one in pages),
        shares=seen.shares,
        notes=sum(len(one.notes) for one in [*everybody, *scene.beside]) + len(pages),
        endangered=sum(len(one.notes) for one in {*concerned, *scene.concerned}) + len(pages),
        lost=outcome.lost + outcome.beside + never_sent + sum(one.lost for one in pages),
        never_sent=never_sent,
        wrong_at_worst=max((max(one.wrong, one.unreadable) for one in scene.samples), default=0),
        detected_after=detected,
        suspended_after=suspended,
        back_after=back,
        false_alarms=outcome.false_alarms,
        greens=seen.greens + sum(one.greens for one in pages),
        greens_while_wrong=seen.greens_while_wrong + sum(len(one.wrong_at) for one in pages),
        refused=len(seen.refused),
        discrepancies=counted,
        made_anew=sum(step.what == "anew" for step in steps),
        steps=[_relative(step, scene.began) for step in steps],
        samples=[msgspec.structs.replace(one, at=one.at - scene.began) for one in scene.samples],
        pages=pages,
        done=scene.done,
        registered=outcome.registered,
    )


def steps_of(settings: Settings, but: int = 0) -> tuple[list[Step], int]:
    """What happened when, of all incidents but the first ones; and entries concerned."""
    with closing(SqliteIncidentReader(settings.incidents)) as reader:
        found = reader.incidents(INCIDENTS_MAX)[: -but or None]
        steps = [step for one in found for step in reader.steps(one.number)]
        counted = sum(reader.counts(one.number, None, None).entries for one in found)
    return sorted(steps, key=lambda step: step.at), counted


def after(steps: list[Step], since: float | None, *what: str) -> float | None:
    """Seconds until the first step of these sorts."""
    times = [seconds(step.at) for step in steps if step.what in what]
    return None if since is None or not times else max(0.0, min(times) - since)


def seconds(at: str) -> float:
    """An instant as seconds since 1970."""
    return datetime.fromisoformat(at).timestamp()


def _times(scene: Scene, steps: list[Step]) -> tuple[float | None, float | None, float | None]:
    """To detection, suspension, and the last text back, from the first text in danger."""
    since = scene.seen.first_in_danger
    if since is None:
        return None, None, None
    if scene.plan.what.kind in ("machine", "device"):
        noticed = [
            one.at - since for one in scene.samples if one.at >= since and not scene.well(one)
        ]
        return (noticed[0], None, noticed[-1]) if noticed else (None, None, 0.0)
    detected = after(steps, since, "found", "suspended")
    suspended = after(steps, since, "suspended", "safe-mode")
    late = [
        one.at - since for one in scene.samples if one.at >= since and (one.wrong or one.unreadable)
    ]
    if not scene.plan.protected:
        return None, None, None  # what the keeper wrote down, nobody read
    back = None if suspended is None else max([suspended, *late])
    return detected, suspended, back


def _relative(step: Step, began: float) -> Step:
    return Step(f"{seconds(step.at) - began:+.3f} s", step.what, step.detail)
