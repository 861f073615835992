"""What was set as a goal, and whether this run met it."""

from collections.abc import Iterator, Sequence

from benchmarks.figures import APPEND, GROUP_COMMIT, PRODUCT, Figures, Row

SEARCHED_NOTES = 1_000_000
GROWN_NOTES = 10_000_000
PEERS = (("FastAPI", 15.0), ("Django", 40.0), ("GNU Health", 150.0))


def judged(figures: Figures) -> Sequence[tuple[str, str, str, str]]:
    """Figure, target, what was measured, whether that meets it; only of what was measured."""
    return [
        (figure, target, here, "yes" if met else "**no**")
        for figure, target, here, met in (*_saving(figures), *_growing(figures))
    ]


def _saving(figures: Figures) -> Iterator[tuple[str, str, str, bool]]:
    ours = figures.row(PRODUCT, 64)
    if ours is None:
        return
    for peer, wanted in PEERS:
        theirs = figures.row(peer, 64)
        if theirs is not None:
            times = ours.rate / theirs.rate
            yield (
                f"saves/s at 64 clients, to {peer}'s",
                f">= {wanted:g} x",
                f"{times:.1f} x",
                (times >= wanted),
            )
    limit = figures.row(GROUP_COMMIT, 64)
    if limit is not None:
        share = ours.rate / limit.rate
        yield "the same, to SQLite group commit alone", ">= 25 %", f"{share:.0%}", share >= 0.25
    longest = ours.waits.percentile(99)
    yield "p99 at 64 clients", "<= 25 ms", f"{longest:.1f} ms", longest <= 25
    fastapi = figures.row("FastAPI", 64)
    if fastapi is not None:
        share = longest / fastapi.waits.percentile(99)
        yield "the same, to FastAPI's", "<= 1/10", f"{share:.2f}", share <= 0.1
    yield from _alone(figures.row(PRODUCT, 1), figures.row(APPEND, 1))


def _alone(ours: Row | None, limit: Row | None) -> Iterator[tuple[str, str, str, bool]]:
    if ours is not None and limit is not None:
        times = ours.waits.percentile(50) / limit.waits.percentile(50)
        yield "p50 of one client, to append + fdatasync", "<= 3 x", f"{times:.1f} x", times <= 3


def _growing(figures: Figures) -> Iterator[tuple[str, str, str, bool]]:
    if not figures.grown:
        return
    first, last = figures.grown[0], figures.grown[-1]
    if last.notes > first.notes:
        share = last.together.rate / first.together.rate
        what = f"saves/s at {last.notes:,} notes, to those at {first.notes:,}"
        yield (
            what,
            f">= 80 % at {GROWN_NOTES:,}",
            f"{share:.0%}",
            (share >= 0.8 and last.notes >= GROWN_NOTES),
        )
    page = last.reading.page[0]
    yield (
        f"page with 1,000 encounters, p50 at {last.notes:,} notes",
        "<= 20 ms",
        (f"{page:.1f} ms"),
        page <= 20,
    )
    search = last.reading.search[0]
    yield (
        f"search p50 at {last.notes:,} notes",
        f"<= 50 ms at {SEARCHED_NOTES:,}",
        (f"{search:.1f} ms"),
        (search <= 50 and last.notes >= SEARCHED_NOTES),
    )
    start = last.start_seconds
    yield f"start after a crash at {last.notes:,} notes", "< 2 s", f"{start:.1f} s", start < 2
