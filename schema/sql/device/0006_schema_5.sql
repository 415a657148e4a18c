-- Schema version 5: people drawn in the field, attachments, interviews.

-- What a team's phones need to draw people at a unit. modes: with commas; throws: the ceremony's dice (JSON);
-- path: 32 bytes for each step; sealed: the key, AES-256-GCM (docs/DRAW.md).
CREATE TABLE site (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  draw_id BLOB NOT NULL CHECK (length(draw_id) = 16),
  site TEXT NOT NULL,
  n INTEGER NOT NULL,
  modes TEXT NOT NULL,
  plan_hash BLOB NOT NULL,
  throws TEXT NOT NULL,
  place INTEGER NOT NULL,
  places INTEGER NOT NULL,
  path BLOB NOT NULL,
  sealed BLOB NOT NULL,
  key BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX site_by_unit ON site (unit_id);

-- The list of a unit's people, or doors.
CREATE TABLE roster (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  kind TEXT NOT NULL DEFAULT 'register',
  official INTEGER,
  note TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_by_unit ON roster (unit_id);

-- Somebody, or a door, on a roster.
CREATE TABLE roster_person (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  roster_id BLOB NOT NULL CHECK (length(roster_id) = 16),
  key TEXT NOT NULL,
  name TEXT,
  note TEXT,
  withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_person_by_roster ON roster_person (roster_id);

-- A roster as its code was told, and the key that was then opened. people: CSV.
CREATE TABLE opening (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  roster_id BLOB NOT NULL CHECK (length(roster_id) = 16),
  site_id BLOB NOT NULL CHECK (length(site_id) = 16),
  people TEXT NOT NULL,
  size INTEGER NOT NULL,
  official INTEGER,
  root BLOB NOT NULL,
  code TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  told_to TEXT,
  mode TEXT,
  opened_at INTEGER,
  key BLOB,
  throws TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX opening_by_roster ON opening (roster_id);

-- How many people live behind a door that was drawn, and who of them is asked.
CREATE TABLE household (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  opening_id BLOB NOT NULL CHECK (length(opening_id) = 16),
  key TEXT NOT NULL,
  people INTEGER NOT NULL,
  chosen INTEGER NOT NULL,
  who TEXT,
  listed_at INTEGER NOT NULL,
  inspector_id BLOB CHECK (length(inspector_id) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX household_by_opening ON household (opening_id);

-- An attempt to ask somebody who was drawn.
CREATE TABLE contact (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  opening_id BLOB NOT NULL CHECK (length(opening_id) = 16),
  key TEXT NOT NULL,
  result TEXT NOT NULL,
  contacted_at INTEGER NOT NULL,
  note TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  withdrawn_at INTEGER,
  withdrawn_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_by_opening ON contact (opening_id);

-- The head of a phone's chain, as another phone read it off its screen.
CREATE TABLE mirror (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  team_id BLOB NOT NULL CHECK (length(team_id) = 16),
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  seq INTEGER NOT NULL,
  head BLOB NOT NULL,
  site TEXT,
  code TEXT,
  contacts INTEGER,
  text TEXT NOT NULL,
  scanned_at INTEGER NOT NULL,
  inspector_id BLOB CHECK (length(inspector_id) = 16)
) STRICT, WITHOUT ROWID;

-- A photo, a sound or a signature; its bytes follow by themselves.
CREATE TABLE attachment (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  subject_table TEXT NOT NULL,
  subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
  kind TEXT NOT NULL,
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  width INTEGER,
  height INTEGER,
  duration_ms INTEGER,
  original_hash BLOB,
  original_size INTEGER,
  source TEXT,
  taken_at INTEGER NOT NULL,
  caption TEXT,
  marks TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  latitude_e7 INTEGER,
  longitude_e7 INTEGER,
  accuracy_m INTEGER,
  withdrawn_at INTEGER,
  withdrawn_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_visit ON attachment (visit_id);
CREATE INDEX attachment_by_subject ON attachment (subject_id);

-- What is asked at units and in interviews.
CREATE TABLE question (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  code TEXT NOT NULL,
  usage TEXT NOT NULL,
  category TEXT,
  position INTEGER,
  text TEXT NOT NULL,
  hint TEXT,
  kind TEXT NOT NULL DEFAULT 'yesno',
  options TEXT,
  scale_max INTEGER,
  readable INTEGER NOT NULL DEFAULT 0,
  required INTEGER NOT NULL DEFAULT 0,
  withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;

-- An answer at a unit.
CREATE TABLE answer (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  question_id BLOB NOT NULL CHECK (length(question_id) = 16),
  value TEXT,
  note TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  answered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_visit ON answer (visit_id);

-- A talk with a person. sealed: an age file, which phones cannot read.
CREATE TABLE interview (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  code TEXT NOT NULL,
  drawn INTEGER NOT NULL DEFAULT 0,
  consent TEXT NOT NULL,
  consent_at INTEGER NOT NULL,
  ended_at INTEGER,
  sealed BLOB,
  sealed_to TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  withdrawn_at INTEGER,
  withdrawn_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX interview_by_visit ON interview (visit_id);

-- A mark of an interview that stays readable.
CREATE TABLE interview_score (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  interview_id BLOB NOT NULL CHECK (length(interview_id) = 16),
  question_id BLOB NOT NULL CHECK (length(question_id) = 16),
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX interview_score_by_interview ON interview_score (interview_id);

-- What a unit's representative read at the end of a visit, and whether it was signed.
CREATE TABLE signoff (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  result TEXT NOT NULL,
  summary TEXT NOT NULL,
  name TEXT,
  duty TEXT,
  reason TEXT,
  attachment_id BLOB CHECK (length(attachment_id) = 16),
  signed_at INTEGER NOT NULL,
  inspector_id BLOB CHECK (length(inspector_id) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX signoff_by_visit ON signoff (visit_id);

-- age recipients, one to a line.
ALTER TABLE campaign ADD COLUMN seal_to TEXT;
