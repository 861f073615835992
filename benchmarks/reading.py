"""How long a patient's page and a search take, in a data directory of many notes."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from anamnesis.record.search import Filter
from anamnesis.record.search_words import read_query
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.record import SqliteRecordReader
from anamnesis.storage.sqlite.search import SqliteSearchIndex
from anamnesis.web.application import WebSettings, create
from benchmarks.growth import LONG_PATIENT
from benchmarks.pages import Session

TIMES = 100
FOUND_MAX = 20
WORDS = ("toux", "hypertension", "paracétamol bilan", '"toux sèche"', "adénopathie fièvre")


@dataclass(frozen=True, slots=True)
class Reading:
    """Milliseconds, medians and 99th percentiles."""

    page: tuple[float, float]
    search: tuple[float, float]
    mebibytes: float


def measure(data: Path, session: Session) -> Reading:
    """Reads in a directory that nobody serves meanwhile."""
    settings = Settings(data=data.absolute())
    with ExitStack() as stack:
        reader = stack.enter_context(closing(SqliteRecordReader(settings.record)))
        index = stack.enter_context(closing(SqliteSearchIndex(settings.search)))
        application = create(reader, WebSettings(), index)
        patient = (data / LONG_PATIENT).read_text()
        page = asyncio.run(_pages(application, session, patient))
        files = (settings.journal, settings.record, settings.search)
        size = sum(file.stat().st_size for file in files) / 1_048_576
        return Reading(page, _searches(index, session.practice), size)


def _searches(index: SqliteSearchIndex, practice: str) -> tuple[float, float]:
    times = []
    for number in range(TIMES):
        query = read_query(WORDS[number % len(WORDS)])
        begun = time.perf_counter()
        index.find(practice, query, Filter(), FOUND_MAX, None)
        times.append(time.perf_counter() - begun)
    return _percentiles(times)


async def _pages(
    application: Any,  # noqa: ANN401 -- ASGI
    session: Session,
    patient: str,
) -> tuple[float, float]:
    transport = httpx.ASGITransport(app=application)
    headers = {
        "x-anamnesis-practitioner": session.practitioner,
        "x-anamnesis-practice": session.practice,
        "x-anamnesis-name": "Dr%20Banc",
        "x-anamnesis-login": "banc",
    }
    times = []
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        for _ in range(TIMES):
            begun = time.perf_counter()
            answer = await client.get(f"/patients/{patient}", headers=headers)
            times.append(time.perf_counter() - begun)
            if answer.status_code != 200:
                raise RuntimeError(f"The patient's page was answered with {answer.status_code}.")
    return _percentiles(times)


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    ordered = [1_000 * seconds for seconds in sorted(times)]
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
