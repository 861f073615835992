-- The record, made from the journal and made again when this file changes. One table for each
-- struct in record/rows.py and those it gathers, columns in its order. A table whose key is `position` has a row for
-- each entry of its kinds, and the triggers below keep every such row as it is (I5).

CREATE TABLE progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    applied INTEGER NOT NULL CHECK (applied >= 0)
) STRICT;
INSERT INTO progress VALUES (1, 0);

CREATE TABLE entry (
    position INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    kind TEXT NOT NULL,
    practice TEXT NOT NULL,
    author TEXT NOT NULL,
    patient TEXT,
    encounter TEXT,
    device TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    base TEXT,
    build TEXT NOT NULL,
    features TEXT NOT NULL,
    typed_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    session TEXT NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER NOT NULL,
    diverged INTEGER NOT NULL CHECK (diverged IN (0, 1)),
    code TEXT,
    failure TEXT
) STRICT;
CREATE UNIQUE INDEX entry_by_id ON entry (practice, entry);
CREATE INDEX entry_by_author ON entry (practice, author);
CREATE INDEX entry_outstanding ON entry (practice) WHERE code IS NOT NULL;

CREATE TABLE practice (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    telephone TEXT NOT NULL
) STRICT;

CREATE TABLE practitioner (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    practitioner TEXT NOT NULL,
    family TEXT NOT NULL,
    given TEXT NOT NULL,
    title TEXT NOT NULL,
    specialty TEXT NOT NULL,
    rpps TEXT NOT NULL,
    UNIQUE (practice, practitioner)
) STRICT;

CREATE TABLE patient_identity (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    patient TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    birth_name TEXT NOT NULL,
    used_name TEXT NOT NULL,
    first_names TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_place TEXT NOT NULL,
    telephone TEXT NOT NULL,
    address TEXT NOT NULL,
    UNIQUE (practice, patient, version)
) STRICT;

CREATE TABLE patient (
    practice TEXT NOT NULL,
    patient TEXT NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    sort_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    PRIMARY KEY (practice, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_by_name ON patient (practice, sort_name, patient);
CREATE INDEX patient_by_birth ON patient (practice, birth_date);

CREATE TABLE patient_word (
    practice TEXT NOT NULL,
    word TEXT NOT NULL,
    patient TEXT NOT NULL,
    PRIMARY KEY (practice, word, patient)
) STRICT, WITHOUT ROWID;

CREATE TABLE encounter (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    patient TEXT NOT NULL,
    started_at TEXT NOT NULL,
    appointment TEXT,
    UNIQUE (practice, encounter)
) STRICT;
CREATE INDEX encounter_by_patient ON encounter (practice, patient, started_at, encounter);
CREATE INDEX encounter_by_appointment ON encounter (practice, appointment)
WHERE appointment IS NOT NULL;

CREATE TABLE encounter_closing (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    closed_at TEXT NOT NULL
) STRICT;
CREATE INDEX encounter_closing_by_encounter ON encounter_closing (practice, encounter);

CREATE TABLE note (
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    patient TEXT NOT NULL,
    author TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'signed', 'amended', 'entered-in-error')),
    version INTEGER NOT NULL CHECK (version >= 0),
    signed_version INTEGER CHECK (signed_version BETWEEN 1 AND version),
    digest TEXT NOT NULL,
    position INTEGER,
    awaiting INTEGER NOT NULL CHECK (awaiting IN (0, 1)),
    PRIMARY KEY (practice, encounter)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_awaiting ON note (practice, author) WHERE awaiting = 1;

CREATE TABLE note_version (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    motif TEXT NOT NULL,
    interrogatoire TEXT NOT NULL,
    examen TEXT NOT NULL,
    conclusion TEXT NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER NOT NULL,
    merged INTEGER NOT NULL CHECK (merged IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX note_version_by_number ON note_version (practice, encounter, version);
CREATE INDEX note_version_by_digest ON note_version (practice, encounter, digest);

CREATE TABLE note_typed_text (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    motif TEXT NOT NULL,
    interrogatoire TEXT NOT NULL,
    examen TEXT NOT NULL,
    conclusion TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX note_typed_text_by_digest ON note_typed_text (practice, encounter, digest);

CREATE TABLE note_signature (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX note_signature_by_encounter ON note_signature (practice, encounter);

CREATE TABLE note_withdrawal (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX note_withdrawal_by_encounter ON note_withdrawal (practice, encounter);

CREATE TABLE note_divergence (
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    position INTEGER NOT NULL,
    section TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (
        reason IN ('concurrent', 'after-signature', 'after-entered-in-error')
    ),
    text TEXT NOT NULL,
    aside_position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kept TEXT CHECK (kept IN ('continued', 'note', 'aside', 'both')),
    kept_position INTEGER,
    PRIMARY KEY (practice, encounter, position, section)
) STRICT, WITHOUT ROWID;

CREATE TABLE note_resolution (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    divergence TEXT NOT NULL,
    kept TEXT NOT NULL
) STRICT;
CREATE INDEX note_resolution_by_encounter ON note_resolution (practice, encounter);

CREATE TABLE observation (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    observation TEXT NOT NULL,
    patient TEXT NOT NULL,
    encounter TEXT,
    code TEXT NOT NULL,
    value TEXT NOT NULL,
    unit TEXT NOT NULL,
    effective_at TEXT NOT NULL,
    UNIQUE (practice, observation)
) STRICT;
CREATE INDEX observation_by_patient ON observation (practice, patient, effective_at);

CREATE TABLE observation_error (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    observation TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX observation_error_by_observation ON observation_error (practice, observation);

CREATE TABLE appointment (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    appointment TEXT NOT NULL,
    patient TEXT NOT NULL,
    practitioner TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    reason TEXT NOT NULL,
    type TEXT,
    overlap INTEGER NOT NULL CHECK (overlap IN (0, 1)),
    UNIQUE (practice, appointment)
) STRICT;

CREATE TABLE appointment_move (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    appointment TEXT NOT NULL,
    version INTEGER NOT NULL,
    practitioner TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    overlap INTEGER NOT NULL CHECK (overlap IN (0, 1)),
    UNIQUE (practice, appointment, version)
) STRICT;

CREATE TABLE appointment_slot (
    practice TEXT NOT NULL,
    appointment TEXT NOT NULL,
    patient TEXT NOT NULL,
    practitioner TEXT NOT NULL,
    day TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('booked', 'arrived', 'in-consultation', 'done', 'cancelled', 'no-show')
    ),
    version INTEGER NOT NULL CHECK (version > 0),
    overlap INTEGER NOT NULL CHECK (overlap IN (0, 1)),
    position INTEGER NOT NULL,
    PRIMARY KEY (practice, appointment)
) STRICT, WITHOUT ROWID;
CREATE INDEX appointment_slot_by_start ON appointment_slot (practice, starts_at);
CREATE INDEX appointment_slot_by_day ON appointment_slot (practice, practitioner, day);
CREATE INDEX appointment_slot_by_patient ON appointment_slot (practice, patient);

CREATE TABLE appointment_status (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    appointment TEXT NOT NULL,
    status TEXT NOT NULL
) STRICT;
CREATE INDEX appointment_status_by_appointment ON appointment_status (practice, appointment);

CREATE TABLE resource_version (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    resource TEXT NOT NULL,
    type TEXT NOT NULL,
    patient TEXT,
    encounter TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    json TEXT NOT NULL,
    UNIQUE (practice, resource, version)
) STRICT;

CREATE TABLE resource (
    practice TEXT NOT NULL,
    resource TEXT NOT NULL,
    type TEXT NOT NULL,
    patient TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    position INTEGER NOT NULL,
    first INTEGER NOT NULL,
    withdrawn TEXT,
    PRIMARY KEY (practice, resource)
) STRICT, WITHOUT ROWID;
CREATE INDEX resource_by_patient ON resource (practice, patient);
CREATE INDEX resource_by_type ON resource (type, practice);

CREATE TABLE resource_withdrawal (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    resource TEXT NOT NULL,
    reason TEXT
) STRICT;
CREATE INDEX resource_withdrawal_by_resource ON resource_withdrawal (practice, resource);

CREATE TABLE document_issue (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX document_issue_by_document ON document_issue (practice, document);

CREATE TABLE file_part (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    file TEXT NOT NULL,
    patient TEXT NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX file_part_by_file ON file_part (practice, file);

CREATE TABLE document_share (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    share TEXT NOT NULL,
    author TEXT NOT NULL,
    patient TEXT NOT NULL,
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    audience TEXT NOT NULL,
    to_practice TEXT,
    to_practitioner TEXT,
    link TEXT,
    secret TEXT,
    expires_at TEXT NOT NULL,
    message TEXT NOT NULL,
    UNIQUE (practice, share)
) STRICT;
CREATE INDEX document_share_by_document ON document_share (practice, document);
CREATE INDEX document_share_by_author ON document_share (practice, author);
CREATE INDEX document_share_by_link ON document_share (link) WHERE link IS NOT NULL;
CREATE INDEX document_share_by_colleague ON document_share (to_practice, to_practitioner)
WHERE to_practice IS NOT NULL;

CREATE TABLE share_revocation (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    share TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX share_revocation_by_share ON share_revocation (practice, share);

CREATE TABLE device_retirement (
    position INTEGER PRIMARY KEY,
    practice TEXT NOT NULL,
    device TEXT NOT NULL,
    last_sequence INTEGER NOT NULL,
    missing TEXT NOT NULL
) STRICT;
CREATE INDEX device_retirement_by_practice ON device_retirement (practice);

-- Which notes were written, whoever wrote them; the keeper judges each again. No part of what the
-- entries add up to.
CREATE TABLE touched (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    practice TEXT NOT NULL,
    encounter TEXT NOT NULL,
    UNIQUE (practice, encounter) ON CONFLICT REPLACE
) STRICT;

-- Rows that were written otherwise than by an entry that makes such rows, or that several entries
-- add up to; the keeper judges each. Likewise no part of what the entries add up to.
CREATE TABLE touched_row (
    change INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    practice TEXT NOT NULL,
    subject TEXT NOT NULL,
    UNIQUE (place, practice, subject) ON CONFLICT REPLACE
) STRICT;

CREATE TRIGGER note_version_follows BEFORE INSERT ON note_version
WHEN NEW.version <> 1 + (
    SELECT ifnull(max(version), 0) FROM note_version
    WHERE practice = NEW.practice AND encounter = NEW.encounter
)
BEGIN SELECT RAISE(ABORT, 'a version must follow the one before it'); END;
