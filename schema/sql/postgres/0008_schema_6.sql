-- Schema version 6: the ledger's steps, acts and evidence; conclusions; scoring; openings of sealed data;
-- what a finding is about; devices that are to be wiped.

ALTER TABLE device ADD COLUMN wipe_ordered_at bigint;
ALTER TABLE unit ADD COLUMN phone text;
ALTER TABLE ledger_entry ADD COLUMN finding_id uuid;
ALTER TABLE ledger_entry ADD COLUMN conclusion_id uuid;
ALTER TABLE ledger_entry ADD COLUMN claimed_at bigint;
ALTER TABLE ledger_entry ADD COLUMN checked_by text;
ALTER TABLE ledger_entry ADD COLUMN checked_at bigint;
ALTER TABLE ledger_entry ADD COLUMN closed_by text;
ALTER TABLE ledger_entry ADD COLUMN closed_at bigint;
ALTER TABLE ledger_entry ADD COLUMN reopened bigint;
ALTER TABLE visit ADD COLUMN arrived_latitude_e7 bigint;
ALTER TABLE visit ADD COLUMN arrived_longitude_e7 bigint;
ALTER TABLE visit ADD COLUMN arrived_accuracy_m bigint;
ALTER TABLE finding ADD COLUMN topic text;
ALTER TABLE finding ADD COLUMN responsible_unit text;
ALTER TABLE finding ADD COLUMN due_at bigint;
ALTER TABLE finding ADD COLUMN conclusion_id uuid;

-- A step by which a ledger entry's measure is carried out.
CREATE TABLE ledger_step (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  ledger_entry_id uuid NOT NULL,
  position bigint NOT NULL,
  text text NOT NULL,
  due_at bigint,
  done_at bigint,
  withdrawn_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX ledger_step_by_ledger_entry ON ledger_step (ledger_entry_id, campaign_no);

-- What was done about a ledger entry, by whom.
CREATE TABLE ledger_act (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  ledger_entry_id uuid NOT NULL,
  kind text NOT NULL,
  text text,
  visit_id uuid,
  author text NOT NULL,
  done_at bigint NOT NULL,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX ledger_act_by_ledger_entry ON ledger_act (ledger_entry_id, campaign_no);

-- What a responsible unit shows for its progress; the bytes lie beside those of attachments.
CREATE TABLE evidence (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  ledger_act_id uuid NOT NULL,
  hash bytea NOT NULL,
  size bigint NOT NULL,
  media_type text NOT NULL,
  name text NOT NULL,
  caption text,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX evidence_by_ledger_act ON evidence (ledger_act_id, campaign_no);

-- What headquarters points out in the end: a common problem of several findings, or an individual one.
CREATE TABLE conclusion (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  number bigint NOT NULL,
  reach text NOT NULL,
  title text NOT NULL,
  detail text,
  basis text,
  suggestion text,
  severity text,
  author text NOT NULL,
  made_at bigint NOT NULL,
  withdrawn_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);

-- Who asked to open a sealed interview, why, and who else agreed.
CREATE TABLE unsealing (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  interview_id uuid NOT NULL,
  part text NOT NULL,
  reason text NOT NULL,
  asked_by text NOT NULL,
  asked_at bigint NOT NULL,
  decided_by text,
  decided_at bigint,
  refused bigint,
  opened_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX unsealing_by_interview ON unsealing (interview_id, campaign_no);

-- What units are scored by.
CREATE TABLE criterion (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  title text NOT NULL,
  category text,
  position bigint,
  weight bigint NOT NULL,
  mark_max bigint NOT NULL DEFAULT 100,
  source text NOT NULL,
  question_id uuid,
  trim_percent bigint NOT NULL DEFAULT 0,
  withdrawn_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);

-- A mark that a person gave, in hundredths of a point.
CREATE TABLE mark (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  criterion_id uuid NOT NULL,
  unit_id uuid NOT NULL,
  value bigint,
  given_by text NOT NULL,
  given_at bigint NOT NULL,
  note text,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX mark_by_unit ON mark (unit_id, campaign_no);

-- A vote held in a hall. result: how often each mark was given, by criterion (JSON); hash: of the sorted ballots.
CREATE TABLE ballot_box (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  unit_id uuid NOT NULL,
  title text NOT NULL,
  tickets bigint NOT NULL,
  opened_at bigint NOT NULL,
  opened_by text NOT NULL,
  closed_at bigint,
  closed_by text,
  ballots bigint,
  result text,
  hash bytea,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);

-- What headquarters' lists and counts ask for.
CREATE INDEX finding_returned ON finding (id, campaign_no, _revision) WHERE review_state = 'returned';
CREATE INDEX finding_concluded ON finding (conclusion_id, campaign_no) WHERE conclusion_id IS NOT NULL;
CREATE INDEX review_by_subject ON review (subject_id, campaign_no, _revision);
