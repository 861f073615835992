"""Everything that touches a disk: SQLite, the same promises in memory, and the lock."""
