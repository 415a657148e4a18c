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

-- totp: the secret of RFC 6238; totp_since: when it was confirmed; totp_step: the last step
-- that was used. campaign_no, unit_id: what a responsible unit's login is for.
ALTER TABLE account ADD COLUMN totp BLOB;
ALTER TABLE account ADD COLUMN totp_since INTEGER;
ALTER TABLE account ADD COLUMN totp_step INTEGER;
ALTER TABLE account ADD COLUMN campaign_no INTEGER;
ALTER TABLE account ADD COLUMN unit_id BLOB CHECK (length(unit_id) = 16);
ALTER TABLE session ADD COLUMN agent TEXT;
ALTER TABLE session ADD COLUMN address TEXT;
ALTER TABLE session ADD COLUMN seen_at INTEGER;

-- What lets a person in once who has lost the second factor. Only hashes are kept.
CREATE TABLE recovery_code (
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  code_hash BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (account_id, code_hash)
) STRICT, WITHOUT ROWID;

-- A token with which a person's programs ask. scopes: operations' groups with commas;
-- only the token's hash is kept.
CREATE TABLE api_token (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  name TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- What people at headquarters did beside changing rows: logins, exports, changes of rights.
-- hash: SHA-256 over the line and the hash before it.
CREATE TABLE audit (
  position INTEGER NOT NULL PRIMARY KEY,
  happened_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  campaign_no INTEGER,
  subject TEXT,
  detail TEXT,
  address TEXT,
  hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_kind ON audit (kind, position);
CREATE INDEX audit_by_actor ON audit (actor, position);

-- Who is told of what happens. kinds: with commas; secret: the key of the signatures.
CREATE TABLE webhook (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  secret BLOB NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  disabled_at INTEGER,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;

-- One thing that somebody is told, until they have taken it. status: of the last answer.
CREATE TABLE webhook_delivery (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  webhook_id BLOB NOT NULL CHECK (length(webhook_id) = 16),
  kind TEXT NOT NULL,
  body BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  status INTEGER,
  problem TEXT,
  done_at INTEGER,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_delivery_by_next ON webhook_delivery (next_at, campaign_no);

-- Which column of an office's table is which field, as a person confirmed it. headers: the
-- hash of the table's header row.
CREATE TABLE import_mapping (
  kind TEXT NOT NULL,
  headers BLOB NOT NULL,
  mapping TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (kind, headers)
) STRICT, WITHOUT ROWID;

-- What a device last said of itself.
CREATE TABLE device_contact (
  campaign_no INTEGER NOT NULL,
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  app_version TEXT,
  seen_at INTEGER NOT NULL,
  unsent INTEGER,
  oldest_unsent_at INTEGER,
  log_size INTEGER,
  wiped_at INTEGER,
  PRIMARY KEY (campaign_no, device_id)
) STRICT, WITHOUT ROWID;

-- A selection of a page's rows that a person keeps. query: as in the page's address.
CREATE TABLE saved_filter (
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  id BLOB NOT NULL CHECK (length(id) = 16),
  campaign_no INTEGER NOT NULL,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- A ticket with which somebody may vote once. Nothing says who got it.
CREATE TABLE ballot_ticket (
  campaign_no INTEGER NOT NULL,
  box_id BLOB NOT NULL CHECK (length(box_id) = 16),
  ticket_hash BLOB NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_no, box_id, ticket_hash)
) STRICT, WITHOUT ROWID;

-- A ballot that was cast. Its id is random; nothing says when it came or by which ticket.
CREATE TABLE ballot (
  campaign_no INTEGER NOT NULL,
  box_id BLOB NOT NULL CHECK (length(box_id) = 16),
  id BLOB NOT NULL CHECK (length(id) = 16),
  marks TEXT NOT NULL,
  PRIMARY KEY (campaign_no, box_id, id)
) STRICT, WITHOUT ROWID;

-- A report that is made, or was. parameters: JSON; position: of the history that it shows.
CREATE TABLE report_job (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL,
  parameters TEXT NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  finished_at INTEGER,
  hash BLOB,
  size INTEGER,
  media_type TEXT,
  file_name TEXT,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;

-- A report's wording as an office wants it, each version of it.
CREATE TABLE report_template (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  PRIMARY KEY (campaign_no, id, version)
) STRICT, WITHOUT ROWID;
