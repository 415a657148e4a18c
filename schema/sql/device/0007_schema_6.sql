-- Schema version 6: the ledger's steps, acts and evidence; conclusions; scoring; openings of sealed data;
-- what a finding is about; devices that are to be wiped.

ALTER TABLE device ADD COLUMN wipe_ordered_at INTEGER;
ALTER TABLE unit ADD COLUMN phone TEXT;
ALTER TABLE ledger_entry ADD COLUMN finding_id BLOB CHECK (length(finding_id) = 16);
ALTER TABLE ledger_entry ADD COLUMN conclusion_id BLOB CHECK (length(conclusion_id) = 16);
ALTER TABLE ledger_entry ADD COLUMN claimed_at INTEGER;
ALTER TABLE ledger_entry ADD COLUMN checked_by TEXT;
ALTER TABLE ledger_entry ADD COLUMN checked_at INTEGER;
ALTER TABLE ledger_entry ADD COLUMN closed_by TEXT;
ALTER TABLE ledger_entry ADD COLUMN closed_at INTEGER;
ALTER TABLE ledger_entry ADD COLUMN reopened INTEGER;
ALTER TABLE visit ADD COLUMN arrived_latitude_e7 INTEGER;
ALTER TABLE visit ADD COLUMN arrived_longitude_e7 INTEGER;
ALTER TABLE visit ADD COLUMN arrived_accuracy_m INTEGER;
ALTER TABLE finding ADD COLUMN topic TEXT;
ALTER TABLE finding ADD COLUMN responsible_unit TEXT;
ALTER TABLE finding ADD COLUMN due_at INTEGER;
ALTER TABLE finding ADD COLUMN conclusion_id BLOB CHECK (length(conclusion_id) = 16);

-- A step by which a ledger entry's measure is carried out.
CREATE TABLE ledger_step (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  ledger_entry_id BLOB NOT NULL CHECK (length(ledger_entry_id) = 16),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  due_at INTEGER,
  done_at INTEGER,
  withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_step_by_ledger_entry ON ledger_step (ledger_entry_id);

-- What was done about a ledger entry, by whom.
CREATE TABLE ledger_act (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  ledger_entry_id BLOB NOT NULL CHECK (length(ledger_entry_id) = 16),
  kind TEXT NOT NULL,
  text TEXT,
  visit_id BLOB CHECK (length(visit_id) = 16),
  author TEXT NOT NULL,
  done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_act_by_ledger_entry ON ledger_act (ledger_entry_id);

-- What a responsible unit shows for its progress; the bytes lie beside those of attachments.
CREATE TABLE evidence (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  ledger_act_id BLOB NOT NULL CHECK (length(ledger_act_id) = 16),
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  name TEXT NOT NULL,
  caption TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_ledger_act ON evidence (ledger_act_id);
