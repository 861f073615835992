"""The faults that ship with the drill, and those that it cannot try: the rows of the matrix."""

from pathlib import Path
from typing import Final, Literal

import msgspec

from anamnesis.drill import faults

FOLDER: Final = Path(faults.__file__).parent

Kind = Literal["feature", "page", "silence", "machine", "device"]
"""Where a fault is: in a feature's code, in what it does to a page, in what a cohort does not send
any more, in the machine under the server, or on the practitioner's side."""
Need = Literal["browser", "root", "strace"]
"""What the machine has to have so that the fault can be tried."""


class Fault(msgspec.Struct, frozen=True):
    """One row of the matrix. `code` is that of the feature that is deployed, if one is.

    `admitted` says that a loss is expected: it is shown as such, and is none of the drill's own.
    """

    name: str
    kind: Kind
    code: str = ""
    needs: tuple[Need, ...] = ()
    admitted: bool = False


class Hole(msgspec.Struct, frozen=True):
    """A fault that was not tried, and why: a code of drill/locale."""

    fault: str
    why: str


def _features(file: str, **names: str) -> list[Fault]:
    return [Fault(name.replace("_", "-"), "feature", f"{file}:{code}") for name, code in
            names.items()]  # fmt: skip


def _pages(**names: str) -> list[Fault]:
    return [
        Fault(name.replace("_", "-"), "page", f"pages.py:{code}", ("browser",))
        for name, code in names.items()
    ]


SHIPPED: Final[tuple[Fault, ...]] = (
    *_features("record.py", share_wipes_note="ShareWipesNote"),
    *_pages(share_skips_save="SharingLeaves"),
    *_features(
        "entries.py",
        drops_section="DropsSection",
        loses_key="LosesKey",
        swallows_error="SwallowsError",
    ),
    *_features("record.py", writes_elsewhere="WritesElsewhere", never_commits="NeverCommits"),
    *_features(
        "entries.py",
        queue_drops="QueueDrops",
        late_thread="LateThread",
        truncates="Truncates",
        mangles="Mangles",
        misfiles="Misfiles",
        stale_overwrite="StaleOverwrite",
        swaps_sections="SwapsSections",
    ),
    *_features("record.py", late_wipe="LateWipe"),
    *_pages(
        hides="Hides",
        editor_deaf="EditorDeaf",
        editor_stale="EditorStale",
        blanks_screen="BlanksScreen",
        one_browser="OneBrowser",
    ),
    *_features("entries.py", one_in_ten="OneInTen", duplicates="Duplicates", slow="Slow"),
    *_features("record.py", holds_lock="HoldsLock", alters_tables="AltersTables"),
    *_features(
        "process.py",
        raises="Raises",
        exits="Exits",
        exits_politely="ExitsPolitely",
        hangs="Hangs",
        eats_memory="EatsMemory",
        patches_modules="PatchesModules",
    ),
    Fault("silent-cohort", "silence", "pages.py:Silences", admitted=True),
    Fault("record-gone", "machine"),
    Fault("record-full", "machine"),
    Fault("record-locked", "machine"),
    Fault("disk-full", "machine", needs=("root",)),
    Fault("fsync-fails", "machine", needs=("root", "strace")),
    Fault("kill-9", "machine"),
    Fault("power-cut", "machine", needs=("root",)),
    Fault("tab-killed", "device", needs=("browser",)),
    Fault("browser-killed", "device", needs=("browser",)),
    Fault("offline-72h", "device"),
    Fault("two-devices", "device"),
    Fault("device-destroyed", "device", admitted=True),
)
"""In the order of the matrix. Any other feature file can be tried in the same way."""

CATALOGUE: Final[dict[str, Fault]] = {fault.name: fault for fault in SHIPPED}

NEVER: Final[tuple[Hole, ...]] = (
    Hole("fsync-lies", "disk-that-lies"),
    Hole("primary-lost", "one-machine-only"),
    Hole("partitioned", "one-machine-only"),
)
"""Faults that no drill on one machine can try, or that the product does not survive: admitted."""


def fault_of(named: str) -> Fault:
    """The shipped fault of this name; otherwise a feature, as `path/to/file.py:Name` or by name."""
    return CATALOGUE.get(named) or Fault(named, "feature", named)


def code_of(fault: Fault) -> str:
    """Where its feature's code is: `path/to/file.py:Name`, or an installed feature's name."""
    return f"{FOLDER}/{fault.code}" if fault.name in CATALOGUE else fault.code
