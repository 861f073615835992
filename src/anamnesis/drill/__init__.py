"""Practitioners who never were, a fault among them, and a report of what was lost and when."""
