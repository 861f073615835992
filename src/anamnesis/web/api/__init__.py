"""The programming interface: the record as JSON under `/api/v1`, read only.

Writing is `POST /keep/entries`, as from a page: there is no other way in.
"""
