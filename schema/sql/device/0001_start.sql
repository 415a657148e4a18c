-- The phone's database, first version. Synced tables hold exactly the
-- catalogue's columns: SQLite's session extension records them by position.

-- One inspection round.
CREATE TABLE campaign (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  city TEXT,
  starts_at INTEGER,
  ends_at INTEGER
) STRICT, WITHOUT ROWID;

-- A group of inspectors that travels together.
CREATE TABLE team (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  number INTEGER NOT NULL,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A person who inspects.
CREATE TABLE inspector (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name TEXT NOT NULL,
  organisation TEXT
) STRICT, WITHOUT ROWID;

-- Which inspector is in which team.
CREATE TABLE team_member (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  team_id BLOB NOT NULL CHECK (length(team_id) = 16),
  inspector_id BLOB NOT NULL CHECK (length(inspector_id) = 16),
  role TEXT NOT NULL DEFAULT 'member',
  left_at INTEGER
) STRICT, WITHOUT ROWID;

-- An installation of the field app, or headquarters, with its public key.
CREATE TABLE device (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  enrolled_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- An organisation that may be inspected.
CREATE TABLE unit (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  county TEXT,
  township TEXT,
  members INTEGER,
  secretary TEXT,
  latitude_e7 INTEGER,
  longitude_e7 INTEGER,
  team_id BLOB CHECK (length(team_id) = 16)
) STRICT, WITHOUT ROWID;

-- A known problem a unit was told to fix.
CREATE TABLE problem (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  number INTEGER,
  title TEXT NOT NULL,
  detail TEXT,
  source TEXT,
  reach TEXT,
  severity TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX problem_by_unit ON problem (unit_id);

-- How a problem is to be fixed, by whom, until when.
CREATE TABLE ledger_entry (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  problem_id BLOB NOT NULL CHECK (length(problem_id) = 16),
  measure TEXT,
  goal TEXT,
  responsible_unit TEXT,
  responsible_leader TEXT,
  responsible_person TEXT,
  due_at INTEGER,
  progress TEXT,
  state TEXT NOT NULL DEFAULT 'open'
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entry_by_problem ON ledger_entry (problem_id);

-- A project the unit's secretary promised.
CREATE TABLE commitment (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  number INTEGER,
  title TEXT NOT NULL,
  goal TEXT,
  due_at INTEGER,
  progress TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX commitment_by_unit ON commitment (unit_id);

-- One team at one unit.
CREATE TABLE visit (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  team_id BLOB NOT NULL CHECK (length(team_id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  sequence INTEGER,
  planned_at INTEGER,
  status TEXT NOT NULL DEFAULT 'planned',
  arrived_at INTEGER,
  left_at INTEGER,
  note TEXT
) STRICT, WITHOUT ROWID;

-- What the team saw about one problem or commitment.
CREATE TABLE verification (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  problem_id BLOB CHECK (length(problem_id) = 16),
  commitment_id BLOB CHECK (length(commitment_id) = 16),
  outcome TEXT,
  note TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  verified_at INTEGER,
  latitude_e7 INTEGER,
  longitude_e7 INTEGER,
  accuracy_m INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX verification_by_visit ON verification (visit_id);

-- An achievement or a new problem recorded on the spot.
CREATE TABLE finding (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  problem_id BLOB CHECK (length(problem_id) = 16),
  kind TEXT NOT NULL DEFAULT 'problem',
  title TEXT NOT NULL,
  detail TEXT,
  severity TEXT,
  status TEXT NOT NULL DEFAULT 'draft',
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  recorded_at INTEGER,
  latitude_e7 INTEGER,
  longitude_e7 INTEGER,
  accuracy_m INTEGER,
  withdrawn_at INTEGER,
  withdrawn_reason TEXT,
  review_state TEXT NOT NULL DEFAULT 'pending',
  review_note TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_by_visit ON finding (visit_id);

-- A remark on a finding, changed by its author only.
CREATE TABLE comment (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  finding_id BLOB NOT NULL CHECK (length(finding_id) = 16),
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  author TEXT,
  body TEXT NOT NULL,
  written_at INTEGER,
  withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX comment_by_finding ON comment (finding_id);

-- One decision of headquarters about a row or a cell.
CREATE TABLE review (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  team_id BLOB CHECK (length(team_id) = 16),
  subject_table TEXT NOT NULL,
  subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
  column_name TEXT,
  decision TEXT NOT NULL,
  note TEXT,
  reviewer TEXT NOT NULL,
  decided_at INTEGER
) STRICT, WITHOUT ROWID;

-- Every entry this device ever sealed, kept until the campaign is archived.
-- state: waiting (not acknowledged), merged, held, quarantined.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  entry BLOB NOT NULL,
  saved_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  reason TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting';

-- What the device knows of itself and of headquarters, one value per name.
CREATE TABLE device_state (
  name TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;
