"""The operator's commands beside `serve`: one file each, listed in `ADDED`.

They are imported only when they are called. The keeper's process starts by the same program, and
nothing that a command needs may be able to keep it from starting.
"""

ADDED = {
    "anamnesis.commands.demo:demo": "Make the demonstration practice, and serve it if asked.",
    "anamnesis.commands.doctor:doctor": "Look over a data directory: what is wrong, what to do.",
    "anamnesis.commands.drill:drill": "Try a fault on a copy of the system, and report.",
    "anamnesis.commands.erase:erase": "Erase a patient's record, as a practitioner decided.",
    "anamnesis.commands.export:export": "Write everything, or one patient, with its proofs.",
    "anamnesis.commands.rebuild:rebuild": "Make the record again from the journal, and compare.",
    "anamnesis.commands.restore:restore": "Make a data directory out of a backup.",
    "anamnesis.commands.verify:verify": "Say whether a receipt is proved, without any server.",
}
"""Where each command is, and what it does in a few words."""

GROUPS = {
    "backup": ("anamnesis.commands.backup:app", "Backups: take, compare, list, make a key."),
    "feature": ("anamnesis.commands.feature:app", "Features: deploy, list, suspend, withdraw."),
    "user": ("anamnesis.commands.user:app", "Accounts of practitioners and operators."),
}
"""Commands that have commands of their own: by name."""
