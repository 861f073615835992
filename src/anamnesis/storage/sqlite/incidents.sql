CREATE TABLE incident (
  number INTEGER PRIMARY KEY,
  opened_at TEXT NOT NULL,
  endangered_at TEXT NOT NULL,
  closed_at TEXT
) STRICT;

CREATE TABLE discrepancy (
  incident INTEGER NOT NULL REFERENCES incident (number),
  position INTEGER NOT NULL,
  entry TEXT NOT NULL,
  kind TEXT NOT NULL,
  practice TEXT NOT NULL,
  author TEXT NOT NULL,
  encounter TEXT,
  code TEXT NOT NULL,
  difference TEXT NOT NULL,
  sections TEXT NOT NULL,
  features TEXT NOT NULL,
  received_at TEXT NOT NULL,
  found_at TEXT NOT NULL,
  righted_at TEXT,
  PRIMARY KEY (incident, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX discrepancy_by_entry ON discrepancy (entry);
CREATE INDEX discrepancy_by_author ON discrepancy (incident, practice, author, position);

CREATE TABLE step (
  incident INTEGER NOT NULL REFERENCES incident (number),
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE INDEX step_by_incident ON step (incident, number);
