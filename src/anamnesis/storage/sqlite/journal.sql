-- The journal, format 1. Rows are only ever added; the triggers hold even this program to it.

CREATE TABLE device (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    author BLOB NOT NULL CHECK (length(author) = 16)
) STRICT;

CREATE TABLE entry (
    position INTEGER PRIMARY KEY CHECK (position >= 0),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    device INTEGER NOT NULL REFERENCES device (number),
    sequence INTEGER NOT NULL,
    header BLOB NOT NULL, -- canonical JSON; the leaf is the hash of it
    content BLOB NOT NULL, -- canonical JSON; the header has the digest of it
    UNIQUE (device, sequence)
) STRICT;

-- One row for each commit: the signed checkpoint, and the leaf hashes the commit added, so that
-- the tree is rebuilt without reading what the entries say.
CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY CHECK (size > 0),
    note TEXT NOT NULL,
    leaves BLOB NOT NULL CHECK (length(leaves) > 0 AND length(leaves) % 32 = 0)
) STRICT;

CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.position <> (SELECT ifnull(max(position) + 1, 0) FROM entry)
  OR NEW.sequence <> (SELECT ifnull(max(sequence), 0) + 1 FROM entry WHERE device = NEW.device)
  OR EXISTS (SELECT 1 FROM entry WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an entry must follow the one before it'); END;

CREATE TRIGGER checkpoint_follows BEFORE INSERT ON checkpoint
WHEN NEW.size <> (SELECT max(position) + 1 FROM entry)
  OR NEW.size - length(NEW.leaves) / 32 <> (SELECT ifnull(max(size), 0) FROM checkpoint)
BEGIN SELECT RAISE(ABORT, 'a checkpoint must cover what was added'); END;

CREATE TRIGGER device_is_new BEFORE INSERT ON device
WHEN EXISTS (SELECT 1 FROM device WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;

CREATE TRIGGER entry_is_not_rewritten BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER entry_is_not_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER checkpoint_is_not_rewritten BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER checkpoint_is_not_removed BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER device_is_not_rewritten BEFORE UPDATE ON device
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER device_is_not_removed BEFORE DELETE ON device
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
