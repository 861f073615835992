CREATE TABLE IF NOT EXISTS dispatch (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  attempted_at TEXT,
  failure TEXT,
  failing_since TEXT,
  sent_at TEXT,
  given_up_at TEXT,
  UNIQUE (key, channel, address)
) STRICT;

CREATE INDEX IF NOT EXISTS dispatch_waiting ON dispatch (number)
  WHERE sent_at IS NULL AND given_up_at IS NULL;

CREATE TABLE IF NOT EXISTS attachment (
  dispatch INTEGER NOT NULL REFERENCES dispatch (number),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (dispatch, number)
) STRICT;

CREATE TABLE IF NOT EXISTS told (topic TEXT PRIMARY KEY, amount INTEGER NOT NULL) STRICT;

-- What was sent is kept as it was sent.
CREATE TRIGGER IF NOT EXISTS dispatch_stays BEFORE UPDATE OF
  number, key, kind, channel, address, subject, body, created_at ON dispatch
BEGIN SELECT RAISE(ABORT, 'a dispatch is never changed'); END;

CREATE TRIGGER IF NOT EXISTS dispatch_sent_once BEFORE UPDATE OF sent_at ON dispatch
WHEN old.sent_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a dispatch is sent once'); END;

CREATE TRIGGER IF NOT EXISTS dispatch_kept BEFORE DELETE ON dispatch
BEGIN SELECT RAISE(ABORT, 'a dispatch is never removed'); END;

CREATE TRIGGER IF NOT EXISTS attachment_stays BEFORE UPDATE ON attachment
BEGIN SELECT RAISE(ABORT, 'a dispatch is never changed'); END;

CREATE TRIGGER IF NOT EXISTS attachment_kept BEFORE DELETE ON attachment
BEGIN SELECT RAISE(ABORT, 'a dispatch is never removed'); END;
