"""What a campaign found, as Markdown for people and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.mutants.campaign import NO_PART, Tried
from tests.mutants.oracle import VERDICTS, Verdict

MEANS: dict[Verdict, str] = {
    "lost-silently": "a text is lost or read wrong, and nobody was told; has to be 0",
    "green-while-wrong": "a screen was green for a moment over a text that was not there",
    "lost-loudly": "a text cannot be read as typed, and whoever typed it was told",
    "brought-back": "noticed (a discrepancy, a process that ended), and every text is there again",
    "refused": "texts were not taken, and the device that has them says so",
    "killed-at-start": "the server does not come up",
    "timed-out": "the trial did not end in time; nothing is known of it",
    "trial-failed": "the trial itself failed; nothing is known of it",
    "harmless": "a survivor: every text is there, nobody noticed anything",
}
WORDS_MAX = 60


def markdown(tried: Sequence[Tried], asked: int, seed: int, lines: int) -> str:
    """The whole report."""
    counted = Counter(one.finding.verdict for one in tried)
    table = [f"| {name} | {counted[name]} | {MEANS[name]} |" for name in VERDICTS]
    named = [
        part
        for verdict in VERDICTS
        if counted[verdict]
        for part in _listed(verdict, [one for one in tried if one.finding.verdict == verdict])
    ]
    return "\n".join(
        [
            "# Mutants",
            "",
            f"{len(tried)} random mutants of {asked} asked for, of the {lines:,} lines that",
            f"the story runs; seed {seed}. Each was put through one trial on a real server:",
            "about eighty entries from five devices over HTTP, kill -9 of the keeper, kill -9 of",
            "the application, then every text compared by unchanged code with the journal, the",
            "record and three readers.",
            "",
            "| verdict | mutants | what it means |",
            "| --- | ---: | --- |",
            *table,
            "",
            "Before the mutants, the unchanged product had to be harmless and a planted silent",
            "loss had to be found. Left out: receipt, journal, reconcile and rollout, on which the",
            f"promise rests; {', '.join(NO_PART)}, which have no part in saving; lines that the",
            "story does not run; the page's JavaScript, whose part a device in Python plays; the",
            "sentinels, which are not started. Only texts are compared: a wrong export, search",
            "result or printed page is not looked for, nor a second fault on top of the mutant.",
            "A trial that timed out or failed is not counted as harmless. On a machine that is",
            "busy with other things, a server that is too slow is counted as killed or refused.",
            "",
            *named,
        ]
    )


def as_json(tried: Sequence[Tried], asked: int, seed: int, lines: int) -> str:
    """The same, with every mutant's change in full."""
    mutants = [
        asdict(one.mutant)
        | {"name": one.mutant.name, "seconds": round(one.seconds, 1)}
        | asdict(one.finding)
        for one in tried
    ]
    figures = {"asked": asked, "seed": seed, "lines": lines, "mutants": mutants}
    return json.dumps(figures, ensure_ascii=False, indent=1) + "\n"


def write(folder: Path, tried: Sequence[Tried], asked: int, seed: int, lines: int) -> None:
    """Both, again after each mutant: a campaign that is stopped has its findings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mutants.md").write_text(markdown(tried, asked, seed, lines), encoding="utf-8")
    (folder / "mutants.json").write_text(as_json(tried, asked, seed, lines), encoding="utf-8")


def _listed(verdict: Verdict, tried: Sequence[Tried]) -> list[str]:
    rows = [
        f"| {one.mutant.name} | {_code(one.mutant.before)} | {_code(one.mutant.after)} "
        f"| {_plain('; '.join(one.finding.why))} |"
        for one in sorted(tried, key=lambda one: (one.mutant.path, one.mutant.line))
    ]
    head = ["| mutant | before | after | seen |", "| --- | --- | --- | --- |"]
    return [f"## {verdict}", "", *head, *rows, ""]


def _code(text: str) -> str:
    return f"`{_plain(text)[:WORDS_MAX].replace('`', chr(39))}`" if text.strip() else ""


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
