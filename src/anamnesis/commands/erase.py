"""`anamnesis erase`: what practitioners decided to erase, what would go, and carrying it out."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from anamnesis.bootstrap.erasing import Plan, carry_out, plans
from anamnesis.commands.progress import bars
from anamnesis.settings import chosen


def erase(erasure: str | None = None, *, now: bool = False, data: Path | None = None) -> int:
    """List the erasures that were decided, with what each takes away; `--now` carries one out.

    Without `--now` nothing is changed. With it, the server must be stopped. What is in backups
    goes when they do: docs/guide/operator.md says when.

    Parameters
    ----------
    erasure
        The erasure, as listed.
    now
        Carry it out.
    data
        The data directory.
    """
    settings = chosen(os.environ, data=data)
    if erasure is None or not now:
        found = [one for one in plans(settings) if erasure in (None, one.erasure.id)]
        lines = [line for plan in found for line in _described(plan)]
        sys.stdout.write("\n".join(lines or ["No erasure was decided."]) + "\n")
        return 0
    with bars({"journal": "Verifying the journal", "record": "Making the record anew"}) as stage:
        plan = carry_out(settings, erasure, stage)
    sys.stdout.write(
        f"{sum(plan.kinds.values()):,} entries of patient {plan.patient} are erased; the journal "
        "and every receipt verify, and the record was made anew.\nBackups taken before hold the "
        "texts until they are removed.\n"
    )
    return 0


def _described(plan: Plan) -> list[str]:
    erasure = plan.erasure
    who = f"by {erasure.by_name}, asked by {erasure.asked_by}"
    lines = [
        f"{erasure.id}",
        f"  patient {plan.patient} of practice {plan.practice}",
        f"  decided {erasure.at} {who}, ground {erasure.ground}",
    ]
    if plan.carried_out:
        return [*lines, "  carried out"]
    kinds = ", ".join(f"{count} {kind}" for kind, count in plan.kinds.items())
    lines.append(
        f"  would go: {plan.content_bytes:,} bytes in {len(plan.left):,} entries ({kinds})"
    )
    lines.append("  would stay: this decision, and who did what when, without what it said")
    if plan.due is not None:
        lines.append(f"  the record has to be kept until {plan.due}")
    if not plan.permitted(datetime.now(UTC).date()):
        lines.append("  NOT POSSIBLE before that day on this ground")
    if plan.sharings:
        lines.append(
            f"  {len(plan.sharings)} sharings of documents: whoever has them must be told (art. 19)"
        )
    return lines
