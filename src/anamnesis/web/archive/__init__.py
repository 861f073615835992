"""Everything of one patient in one file, to read and to take elsewhere (GDPR art. 15, 20)."""
