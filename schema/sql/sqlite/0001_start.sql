-- Headquarters' database on SQLite, first version.
--
-- Numbers (campaign_no, author, scope) are local to this database and keep rows
-- and indexes small; ids travel. In synced tables _scope, _revision and _clocks
-- are the row's bookkeeping: who may hold it, when it last changed, and who
-- wrote each cell (syncengine/merge, Stamps).

-- A campaign this server keeps, with the counters that its merges advance.
CREATE TABLE campaign_state (
  no INTEGER PRIMARY KEY,
  campaign_id BLOB NOT NULL UNIQUE CHECK (length(campaign_id) = 16),
  epoch BLOB NOT NULL CHECK (length(epoch) = 16),
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  clock INTEGER NOT NULL
) STRICT;

-- A device that has entries in a campaign, and the head of its chain.
CREATE TABLE author (
  campaign_no INTEGER NOT NULL,
  no INTEGER NOT NULL,
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  clock INTEGER NOT NULL,
  PRIMARY KEY (campaign_no, no),
  UNIQUE (campaign_no, device_id)
) STRICT, WITHOUT ROWID;

-- The short number of a team's scope. 0 is headquarters alone, 1 the campaign.
CREATE TABLE scope (
  campaign_no INTEGER NOT NULL,
  no INTEGER NOT NULL,
  team_id BLOB NOT NULL CHECK (length(team_id) = 16),
  PRIMARY KEY (campaign_no, no),
  UNIQUE (campaign_no, team_id)
) STRICT, WITHOUT ROWID;

-- All entries in the order they were accepted. clock is the effective one;
-- outcome: merged, held, quarantined; revision: the campaign's after the merge.
CREATE TABLE history (
  campaign_no INTEGER NOT NULL,
  position INTEGER NOT NULL,
  author INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  clock INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  revision INTEGER NOT NULL,
  entry BLOB NOT NULL,
  PRIMARY KEY (campaign_no, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX history_by_seq ON history (campaign_no, author, seq);
CREATE INDEX history_unmerged ON history (campaign_no, outcome) WHERE outcome <> 'merged';

-- A device's signature over the head of its chain, one per push.
CREATE TABLE seal (
  campaign_no INTEGER NOT NULL,
  author INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (campaign_no, author, seq)
) STRICT, WITHOUT ROWID;

-- Which held entry waits for which row.
CREATE TABLE held (
  campaign_no INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  row_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (campaign_no, table_name, row_id, position)
) STRICT, WITHOUT ROWID;

-- Rows that left a scope, so that its devices let go of them.
CREATE TABLE departure (
  campaign_no INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  table_name TEXT NOT NULL,
  row_id BLOB NOT NULL,
  PRIMARY KEY (campaign_no, scope, revision)
) STRICT, WITHOUT ROWID;

-- One cell with competing writes. state: open, agreed, resolved, superseded.
CREATE TABLE conflict (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  table_name TEXT NOT NULL,
  row_id BLOB NOT NULL,
  column_name TEXT NOT NULL,
  base BLOB,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conflict_by_row ON conflict (campaign_no, table_name, row_id, column_name);
CREATE INDEX conflict_by_state ON conflict (campaign_no, state);

-- The writes of a conflict. competing: 1 while no later author had seen it.
CREATE TABLE conflict_write (
  campaign_no INTEGER NOT NULL,
  conflict_id BLOB NOT NULL,
  author INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  value BLOB NOT NULL,
  base BLOB,
  competing INTEGER NOT NULL,
  PRIMARY KEY (campaign_no, conflict_id, author, revision)
) STRICT, WITHOUT ROWID;

-- Bytes that are no valid next entry of a chain, kept whole for inspection.
CREATE TABLE aside (
  no INTEGER PRIMARY KEY,
  campaign_no INTEGER NOT NULL,
  device_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL,
  body BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (campaign_no, device_id, hash)
) STRICT;

-- A one-time code with which one device may enrol. Only its hash is kept.
CREATE TABLE enrolment (
  code_hash BLOB NOT NULL PRIMARY KEY,
  campaign_no INTEGER NOT NULL,
  inspector_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  device_id BLOB
) STRICT, WITHOUT ROWID;

-- The server's own private keys (PKCS #8), by purpose.
CREATE TABLE server_key (
  purpose TEXT NOT NULL PRIMARY KEY,
  private_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A person who works at headquarters.
CREATE TABLE account (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A signed-in browser at headquarters. Only the token's hash is kept.
CREATE TABLE session (
  token_hash BLOB NOT NULL PRIMARY KEY,
  account_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One inspection round.
CREATE TABLE campaign (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  city TEXT,
  starts_at INTEGER,
  ends_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_by_revision ON campaign (campaign_no, _scope, _revision);

-- A group of inspectors that travels together.
CREATE TABLE team (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_by_revision ON team (campaign_no, _scope, _revision);

-- A person who inspects.
CREATE TABLE inspector (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  name TEXT NOT NULL,
  organisation TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inspector_by_revision ON inspector (campaign_no, _scope, _revision);

-- Which inspector is in which team.
CREATE TABLE team_member (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  team_id BLOB NOT NULL CHECK (length(team_id) = 16),
  inspector_id BLOB NOT NULL CHECK (length(inspector_id) = 16),
  role TEXT NOT NULL DEFAULT 'member',
  left_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_by_revision ON team_member (campaign_no, _scope, _revision);

-- An installation of the field app, or headquarters, with its public key.
CREATE TABLE device (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  enrolled_at INTEGER,
  revoked_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_by_revision ON device (campaign_no, _scope, _revision);

-- An organisation that may be inspected.
CREATE TABLE unit (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  county TEXT,
  township TEXT,
  members INTEGER,
  secretary TEXT,
  latitude_e7 INTEGER,
  longitude_e7 INTEGER,
  team_id BLOB CHECK (length(team_id) = 16),
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_by_revision ON unit (campaign_no, _scope, _revision);

-- A known problem a unit was told to fix.
CREATE TABLE problem (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  number INTEGER,
  title TEXT NOT NULL,
  detail TEXT,
  source TEXT,
  reach TEXT,
  severity TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX problem_by_revision ON problem (campaign_no, _scope, _revision);
CREATE INDEX problem_by_unit ON problem (campaign_no, unit_id);

-- How a problem is to be fixed, by whom, until when.
CREATE TABLE ledger_entry (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  problem_id BLOB NOT NULL CHECK (length(problem_id) = 16),
  measure TEXT,
  goal TEXT,
  responsible_unit TEXT,
  responsible_leader TEXT,
  responsible_person TEXT,
  due_at INTEGER,
  progress TEXT,
  state TEXT NOT NULL DEFAULT 'open',
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entry_by_revision ON ledger_entry (campaign_no, _scope, _revision);
CREATE INDEX ledger_entry_by_problem ON ledger_entry (campaign_no, problem_id);

-- A project the unit's secretary promised.
CREATE TABLE commitment (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  number INTEGER,
  title TEXT NOT NULL,
  goal TEXT,
  due_at INTEGER,
  progress TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX commitment_by_revision ON commitment (campaign_no, _scope, _revision);
CREATE INDEX commitment_by_unit ON commitment (campaign_no, unit_id);

-- One team at one unit.
CREATE TABLE visit (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  team_id BLOB NOT NULL CHECK (length(team_id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  sequence INTEGER,
  planned_at INTEGER,
  status TEXT NOT NULL DEFAULT 'planned',
  arrived_at INTEGER,
  left_at INTEGER,
  note TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_revision ON visit (campaign_no, _scope, _revision);

-- What the team saw about one problem or commitment.
CREATE TABLE verification (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  visit_id BLOB NOT NULL CHECK (length(visit_id) = 16),
  problem_id BLOB CHECK (length(problem_id) = 16),
  commitment_id BLOB CHECK (length(commitment_id) = 16),
  outcome TEXT,
  note TEXT,
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  verified_at INTEGER,
  latitude_e7 INTEGER,
  longitude_e7 INTEGER,
  accuracy_m INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX verification_by_revision ON verification (campaign_no, _scope, _revision);
CREATE INDEX verification_by_visit ON verification (campaign_no, visit_id);

-- An achievement or a new problem recorded on the spot.
CREATE TABLE finding (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
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
  review_note TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_by_revision ON finding (campaign_no, _scope, _revision);
CREATE INDEX finding_by_visit ON finding (campaign_no, visit_id);

-- A remark on a finding, changed by its author only.
CREATE TABLE comment (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  finding_id BLOB NOT NULL CHECK (length(finding_id) = 16),
  inspector_id BLOB CHECK (length(inspector_id) = 16),
  author TEXT,
  body TEXT NOT NULL,
  written_at INTEGER,
  withdrawn_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX comment_by_revision ON comment (campaign_no, _scope, _revision);
CREATE INDEX comment_by_finding ON comment (campaign_no, finding_id);

-- One decision of headquarters about a row or a cell.
CREATE TABLE review (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  team_id BLOB CHECK (length(team_id) = 16),
  subject_table TEXT NOT NULL,
  subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
  column_name TEXT,
  decision TEXT NOT NULL,
  note TEXT,
  reviewer TEXT NOT NULL,
  decided_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_by_revision ON review (campaign_no, _scope, _revision);
