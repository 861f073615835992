"""The chain of manifests in a place, and the commits that its segments hold, verified."""

import hashlib
from collections.abc import Iterator

from anamnesis.backup.manifest import MANIFESTS, Manifest, Piece, Segment, opened
from anamnesis.backup.place import Place
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.sealing import Unseal
from anamnesis.backup.segment import Commit, decoded
from anamnesis.receipt.checkpoint import VerificationKey


def chain(place: Place, key: VerificationKey, until: str | None = None) -> list[Manifest]:
    """Every manifest, the first one first; up to the first one taken at or after `until`.

    Raises BackupRefused: `backup-missing`, or `chain-broken` where one is gone or does not follow
    the one before it.
    """
    found: list[Manifest] = []
    for name in place.names(MANIFESTS):
        manifest = opened(place.get(name), key)
        before = found[-1] if found else None
        if manifest.name != name or manifest.before != (before and before.name):
            raise _broken(name)
        if not _follows(manifest, 0 if before is None else before.size):
            raise _broken(name)
        found.append(manifest)
        if until is not None and manifest.taken_at >= until:
            break
    if not found:
        raise BackupRefused("backup-missing", "There is no backup in this place.")
    return found


def kept(place: Place, piece: Piece, unseal: Unseal) -> bytes:
    """A piece opened; raises BackupRefused unless it is the one that its manifest names."""
    data = place.get(piece.name)
    if hashlib.sha256(data).hexdigest() != piece.sha256:
        raise BackupRefused("piece-altered", f"The piece {piece.name} is not what was kept.")
    return unseal(data)


def commits_in(
    place: Place, manifests: list[Manifest], unseal: Unseal
) -> Iterator[tuple[Commit, Segment]]:
    """Every commit in order, with the segment that holds it; raises BackupRefused."""
    size = 0
    for segment in (one for manifest in manifests for one in manifest.segments):
        for commit in decoded(kept(place, segment, unseal)):
            positions = [one.position for one in commit.entries]
            if positions != list(range(size, commit.size)):
                raise BackupRefused("segment-altered", f"{segment.name} has a gap.")
            size = commit.size
            yield commit, segment
        if size != segment.end:
            raise BackupRefused("segment-altered", f"{segment.name} ends too early.")


def _follows(manifest: Manifest, start: int) -> bool:
    for segment in manifest.segments:
        if segment.start != start or segment.end <= start:
            return False
        start = segment.end
    return start == manifest.size


def _broken(name: str) -> BackupRefused:
    return BackupRefused("chain-broken", f"{name} does not follow the backup before it.")
