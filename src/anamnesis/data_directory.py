"""The files of the data directory by what they are for: derived from its place, never chosen."""

from dataclasses import dataclass
from pathlib import Path

DATA_DEFAULT = Path("anamnesis-data")


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Where everything is kept on this machine (ARCHITECTURE, "The data directory")."""

    data: Path = DATA_DEFAULT

    @property
    def journal(self) -> Path:
        """The journal: the one file that must never be lost."""
        return self.data / "journal.db"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write the journal."""
        return self.data / "journal.lock"

    @property
    def record(self) -> Path:
        """The record: may be deleted, the application makes it again from the journal."""
        return self.data / "record.db"

    @property
    def search(self) -> Path:
        """The search index: may be deleted, the application makes it again from the record."""
        return self.data / "search.db"

    @property
    def record_differed(self) -> Path:
        """The last record that was found to be wrong, kept for whoever finds out why."""
        return self.data / "record.db.differed"

    @property
    def record_order(self) -> Path:
        """There while the keeper asks the application to make the record anew."""
        return self.data / "record.order"

    @property
    def nightly_order(self) -> Path:
        """There while the application is to run the features' nightly jobs."""
        return self.data / "nightly.order"

    @property
    def rollout(self) -> Path:
        """Which features are deployed to whom: the keeper writes it, the application obeys it."""
        return self.data / "rollout.json"

    @property
    def doing(self) -> Path:
        """Which feature the application is in the middle of running; outlives its process."""
        return self.data / "application.doing"

    @property
    def sentinel_notes(self) -> Path:
        """Which notes the sentinels read again, and what each has to say, as digests."""
        return self.data / "sentinels.json"

    @property
    def incidents(self) -> Path:
        """Incidents, their discrepancies and their timelines; the keeper writes it."""
        return self.data / "incidents.db"

    @property
    def marks(self) -> Path:
        """How far the keeper has compared, and what devices hold; may be deleted."""
        return self.data / "marks.db"

    @property
    def backups(self) -> Path:
        """What is known of the copies: the newest one, and the newest comparison."""
        return self.data / "backups.json"

    @property
    def dispatches(self) -> Path:
        """What goes to people outside the screen, and everything that went."""
        return self.data / "dispatches.db"

    @property
    def dispatches_state(self) -> Path:
        """What the process that sends dispatches says of itself."""
        return self.data / "dispatches.json"

    @property
    def access(self) -> Path:
        """Accounts, sessions, and the audit trail."""
        return self.data / "access.db"

    @property
    def signing_key(self) -> Path:
        """The 32-byte Ed25519 seed in hexadecimal, readable by its owner only."""
        return self.data / "signing.key"

    @property
    def verification_key(self) -> Path:
        """What anyone needs to verify a receipt (C2SP vkey)."""
        return self.data / "verification.key"

    @property
    def application_socket(self) -> Path:
        """Where the application answers HTTP."""
        return self.data / "application.sock"

    @property
    def application_wake(self) -> Path:
        """Where the keeper says that the journal has grown."""
        return self.data / "application.wake"

    @property
    def keeper_wake(self) -> Path:
        """Where the application says that the record has moved."""
        return self.data / "keeper.wake"

    @property
    def control_socket(self) -> Path:
        """Where the operator's commands reach a running keeper."""
        return self.data / "keeper.sock"
