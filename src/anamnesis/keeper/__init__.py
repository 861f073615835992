"""The trusted process: front door, intake, read-back, receipts, sessions, and supervision.

No feature, no template and no page logic runs here. What it needs of a store or of the
application's record it is handed by `bootstrap`.
"""
