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
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  ledger_entry_id BLOB NOT NULL CHECK (length(ledger_entry_id) = 16),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  due_at INTEGER,
  done_at INTEGER,
  withdrawn_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_step_by_ledger_entry ON ledger_step (campaign_no, ledger_entry_id);

-- What was done about a ledger entry, by whom.
CREATE TABLE ledger_act (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  ledger_entry_id BLOB NOT NULL CHECK (length(ledger_entry_id) = 16),
  kind TEXT NOT NULL,
  text TEXT,
  visit_id BLOB CHECK (length(visit_id) = 16),
  author TEXT NOT NULL,
  done_at INTEGER NOT NULL,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_act_by_ledger_entry ON ledger_act (campaign_no, ledger_entry_id);

-- What a responsible unit shows for its progress; the bytes lie beside those of attachments.
CREATE TABLE evidence (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  ledger_act_id BLOB NOT NULL CHECK (length(ledger_act_id) = 16),
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  name TEXT NOT NULL,
  caption TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_ledger_act ON evidence (campaign_no, ledger_act_id);

-- What headquarters points out in the end: a common problem of several findings, or an individual one.
CREATE TABLE conclusion (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  number INTEGER NOT NULL,
  reach TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT,
  basis TEXT,
  suggestion TEXT,
  severity TEXT,
  author TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;

-- Who asked to open a sealed interview, why, and who else agreed.
CREATE TABLE unsealing (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  interview_id BLOB NOT NULL CHECK (length(interview_id) = 16),
  part TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  refused INTEGER,
  opened_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unsealing_by_interview ON unsealing (campaign_no, interview_id);

-- What units are scored by.
CREATE TABLE criterion (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  category TEXT,
  position INTEGER,
  weight INTEGER NOT NULL,
  mark_max INTEGER NOT NULL DEFAULT 100,
  source TEXT NOT NULL,
  question_id BLOB CHECK (length(question_id) = 16),
  trim_percent INTEGER NOT NULL DEFAULT 0,
  withdrawn_at INTEGER,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;

-- A mark that a person gave, in hundredths of a point.
CREATE TABLE mark (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  criterion_id BLOB NOT NULL CHECK (length(criterion_id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  value INTEGER,
  given_by TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  note TEXT,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_by_unit ON mark (campaign_no, unit_id);

-- A vote held in a hall. result: how often each mark was given, by criterion (JSON); hash: of the sorted ballots.
CREATE TABLE ballot_box (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
  title TEXT NOT NULL,
  tickets INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  ballots INTEGER,
  result TEXT,
  hash BLOB,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;

-- Headquarters' lists and counts read narrow indexes, never the findings themselves. That of
-- visits takes the place of the one without what is counted.
CREATE INDEX finding_listed ON finding (campaign_no, id, visit_id, kind, severity, status, review_state,
  topic, withdrawn_at, conclusion_id);
DROP INDEX finding_by_visit;
CREATE INDEX finding_by_visit ON finding (campaign_no, visit_id, kind, severity, status, review_state,
  topic, withdrawn_at, recorded_at);
CREATE INDEX finding_returned ON finding (campaign_no, id, _revision) WHERE review_state = 'returned';
CREATE INDEX finding_concluded ON finding (campaign_no, conclusion_id) WHERE conclusion_id IS NOT NULL;
CREATE INDEX review_by_subject ON review (campaign_no, subject_id, _revision);
