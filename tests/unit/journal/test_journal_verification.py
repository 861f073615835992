"""Recovery and verification: any change in what is stored is found, and said where."""

from collections.abc import Callable

import pytest

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import Checkpoint, sign_checkpoint
from anamnesis.receipt.merkle import Tree
from anamnesis.storage.memory.journal import MemoryDisk, MemoryJournal
from tests.unit.journal.making import (
    DEVICE,
    KEY,
    SIGNER,
    entry,
    journal_over,
    submission,
    uuid,
    whole,
)

GROUPS = ([1, 2], [3], [4, 5, 6], [7, 8])


@pytest.fixture
def disk() -> MemoryDisk:
    disk = MemoryDisk()
    journal = journal_over(MemoryJournal(disk))
    for group in GROUPS:
        journal.append([submission(number) for number in group])
    return disk


def note(leaves: list[bytes]) -> str:
    tree = Tree(leaves)
    return sign_checkpoint(Checkpoint(SIGNER.name, tree.size, tree.root()), SIGNER)


def forge(disk: MemoryDisk, *forged: JournaledEntry) -> None:
    """Rewrites entries as somebody would who has the disk but not the earlier checkpoints."""
    for journaled in forged:
        disk.rows[journaled.position] = (journaled.header(), journaled.entry.content)


def forged(position: int, **changed: object) -> JournaledEntry:
    return JournaledEntry(
        position, "2026-11-23T14:00:00.009Z", "a-session", entry(position + 1, **changed)
    )


def found(disk: MemoryDisk) -> tuple[str, str]:
    """The codes that opening and that verifying raise."""
    codes = []
    for look in (lambda: journal_over(MemoryJournal(disk)), lambda: whole(MemoryJournal(disk))):
        with pytest.raises(JournalDamaged) as raised:
            look()
        codes.append(raised.value.code)
    return codes[0], codes[1]


def test_a_sound_journal_is_found_whole(disk: MemoryDisk) -> None:
    verified = whole(MemoryJournal(disk))
    assert (verified.size, verified.checkpoints, verified.devices) == (8, 4, 1)
    assert verified.root == Tree(disk.leaves).root().hex()


def test_an_empty_journal_is_whole() -> None:
    assert whole(MemoryJournal()).size == 0


def test_progress_is_told(disk: MemoryDisk) -> None:
    told: list[tuple[int, int]] = []
    verify_journal(MemoryJournal(disk), KEY, lambda done, size: told.append((done, size)))
    assert told[-1] == (8, 8)


def forge_more(disk: MemoryDisk) -> None:
    journaled = forged(8)
    disk.rows.append((journaled.header(), journaled.entry.content))


DAMAGES: dict[str, tuple[Callable[[MemoryDisk], object], set[str]]] = {
    "another text": (
        lambda disk: disk.rows.__setitem__(2, (disk.rows[2][0], b"{}")),
        {"content-altered"},
    ),
    "another text under another header": (
        lambda disk: forge(disk, forged(2, content={"a": 1})),
        {"leaf-differs"},
    ),
    "another author": (lambda disk: forge(disk, forged(2, author=uuid(50))), {"leaf-differs"}),
    "two entries exchanged": (
        lambda disk: disk.rows.__setitem__(slice(2, 4), [disk.rows[3], disk.rows[2]]),
        {"header-altered"},
    ),
    "the last entry gone": (lambda disk: disk.rows.pop(), {"size-differs"}),
    "the last commit's entries gone": (
        lambda disk: disk.rows.__delitem__(slice(6, 8)),
        {"size-differs"},
    ),
    "an entry more": (
        forge_more,
        {"leaf-missing"},
    ),
    "a leaf changed": (
        lambda disk: disk.leaves.__setitem__(4, bytes(32)),
        {"root-differs", "leaf-differs"},
    ),
    "a leaf gone": (lambda disk: disk.leaves.pop(), {"leaf-missing"}),
    "no checkpoint": (
        lambda disk: disk.checkpoints.clear(),
        {"size-differs", "checkpoint-missing"},
    ),
    "the newest checkpoint gone": (
        lambda disk: disk.checkpoints.pop(),
        {"size-differs", "checkpoint-missing"},
    ),
    "the newest checkpoint another's": (
        lambda disk: disk.checkpoints.__setitem__(
            3, (8, disk.checkpoints[3][1][:-9] + "AAAAAAA=\n")
        ),
        {"checkpoint-refused"},
    ),
    "the newest checkpoint of other entries": (
        lambda disk: disk.checkpoints.__setitem__(3, (8, note([bytes(32)] * 8))),
        {"root-differs"},
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_change_on_the_disk_is_found_when_opening_and_when_verifying(
    disk: MemoryDisk, damage: str
) -> None:
    change, codes = DAMAGES[damage]
    change(disk)
    assert set(found(disk)) <= codes


def test_an_earlier_checkpoint_of_other_entries_is_found_by_verifying(disk: MemoryDisk) -> None:
    disk.checkpoints[1] = (3, note([bytes(32)] * 3))
    with pytest.raises(JournalDamaged) as raised:
        whole(MemoryJournal(disk))
    assert raised.value.code == "root-differs"
    assert raised.value.detail == {"signed": 3}


def rewritten(entries: list[JournaledEntry]) -> MemoryDisk:
    """A journal forged from end to end by somebody who holds the key."""
    disk = MemoryDisk()
    disk.rows = [(one.header(), one.entry.content) for one in entries]
    disk.leaves = [one.leaf() for one in entries]
    disk.checkpoints = [(len(entries), note(disk.leaves))]
    return disk


@pytest.mark.parametrize(
    ("last", "code"),
    [
        (forged(2, sequence=4), "sequence-differs"),
        (forged(2, sequence=2), "sequence-differs"),
        (forged(2, author=uuid(50)), "author-differs"),
        (forged(2, id=uuid(2)), "id-lookup-differs"),
        (JournaledEntry(2, "2026-11-22T00:00:00.000Z", "s", entry(3)), "instant-goes-back"),
    ],
)
def test_what_could_never_have_been_appended_is_found_even_if_signed(
    last: JournaledEntry, code: str
) -> None:
    with pytest.raises(JournalDamaged) as raised:
        whole(MemoryJournal(rewritten([forged(0), forged(1), last])))
    assert raised.value.code == code


def test_lookups_that_miss_an_entry_are_found(disk: MemoryDisk) -> None:
    store = MemoryJournal(disk)
    store._sequences[DEVICE, 3] = uuid(77)
    with pytest.raises(JournalDamaged) as raised:
        whole(store)
    assert raised.value.code == "sequence-lookup-differs"
    store = MemoryJournal(disk)
    store._devices[DEVICE] = (5, store._devices[DEVICE][1])
    with pytest.raises(JournalDamaged) as raised:
        whole(store)
    assert raised.value.code == "device-differs"


def test_a_journal_that_grows_meanwhile_is_still_whole(disk: MemoryDisk) -> None:
    store = MemoryJournal(disk)
    journal = journal_over(store)

    def grow(done: int, size: int) -> None:
        journal.append([submission(9)])

    assert verify_journal(store, KEY, grow).size == 8
    assert whole(store).size == 9


def test_damage_says_where_and_never_what(disk: MemoryDisk) -> None:
    disk.rows[2] = (disk.rows[2][0], b'{"secret":1}')
    with pytest.raises(JournalDamaged) as raised:
        whole(MemoryJournal(disk))
    assert str(raised.value).startswith("content-altered: ")
    assert "position 2" in str(raised.value)
    assert "secret" not in str(raised.value)
