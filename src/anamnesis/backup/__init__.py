"""Copies of the journal elsewhere: sealed, compared by restoring them, brought back in order."""
