"""What the journal's entries add up to; may be deleted and made again from them at any time."""
