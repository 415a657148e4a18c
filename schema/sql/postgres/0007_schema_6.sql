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

-- totp: the secret of RFC 6238; totp_since: when it was confirmed; totp_step: the last step
-- that was used. campaign_no, unit_id: what a responsible unit's login is for.
ALTER TABLE account ADD COLUMN totp bytea;
ALTER TABLE account ADD COLUMN totp_since bigint;
ALTER TABLE account ADD COLUMN totp_step bigint;
ALTER TABLE account ADD COLUMN campaign_no bigint;
ALTER TABLE account ADD COLUMN unit_id uuid;
ALTER TABLE session ADD COLUMN agent text;
ALTER TABLE session ADD COLUMN address text;
ALTER TABLE session ADD COLUMN seen_at bigint;

-- What lets a person in once who has lost the second factor. Only hashes are kept.
CREATE TABLE recovery_code (
  account_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  used_at bigint,
  PRIMARY KEY (account_id, code_hash)
);

-- A token with which a person's programs ask. scopes: operations' groups with commas;
-- only the token's hash is kept.
CREATE TABLE api_token (
  id uuid NOT NULL PRIMARY KEY,
  account_id uuid NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  scopes text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  revoked_at bigint
);

-- What people at headquarters did beside changing rows: logins, exports, changes of rights.
-- hash: SHA-256 over the line and the hash before it.
CREATE TABLE audit (
  position bigint NOT NULL PRIMARY KEY,
  happened_at bigint NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  campaign_no bigint,
  subject text,
  detail text,
  address text,
  hash bytea NOT NULL
);
CREATE INDEX audit_by_kind ON audit (kind, position);
CREATE INDEX audit_by_actor ON audit (actor, position);

-- Who is told of what happens. kinds: with commas; secret: the key of the signatures.
CREATE TABLE webhook (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  url text NOT NULL,
  kinds text NOT NULL,
  secret bytea NOT NULL,
  made_by text NOT NULL,
  made_at bigint NOT NULL,
  revision bigint NOT NULL,
  disabled_at bigint,
  PRIMARY KEY (campaign_no, id)
);

-- One thing that somebody is told, until they have taken it. status: of the last answer.
CREATE TABLE webhook_delivery (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  kind text NOT NULL,
  body bytea NOT NULL,
  made_at bigint NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  next_at bigint,
  status bigint,
  problem text,
  done_at bigint,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX webhook_delivery_by_next ON webhook_delivery (next_at, campaign_no);

-- Which column of an office's table is which field, as a person confirmed it. headers: the
-- hash of the table's header row.
CREATE TABLE import_mapping (
  kind text NOT NULL,
  headers bytea NOT NULL,
  mapping text NOT NULL,
  made_by text NOT NULL,
  made_at bigint NOT NULL,
  PRIMARY KEY (kind, headers)
);

-- What a device last said of itself.
CREATE TABLE device_contact (
  campaign_no bigint NOT NULL,
  device_id uuid NOT NULL,
  app_version text,
  seen_at bigint NOT NULL,
  unsent bigint,
  oldest_unsent_at bigint,
  log_size bigint,
  wiped_at bigint,
  PRIMARY KEY (campaign_no, device_id)
);

-- A selection of a page's rows that a person keeps. query: as in the page's address.
CREATE TABLE saved_filter (
  account_id uuid NOT NULL,
  id uuid NOT NULL,
  campaign_no bigint NOT NULL,
  page text NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  made_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- A ticket with which somebody may vote once. Nothing says who got it.
CREATE TABLE ballot_ticket (
  campaign_no bigint NOT NULL,
  box_id uuid NOT NULL,
  ticket_hash bytea NOT NULL,
  used bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign_no, box_id, ticket_hash)
);

-- A ballot that was cast. Its id is random; nothing says when it came or by which ticket.
CREATE TABLE ballot (
  campaign_no bigint NOT NULL,
  box_id uuid NOT NULL,
  id uuid NOT NULL,
  marks text NOT NULL,
  PRIMARY KEY (campaign_no, box_id, id)
);

-- A report that is made, or was. parameters: JSON; position: of the history that it shows.
CREATE TABLE report_job (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  parameters text NOT NULL,
  position bigint NOT NULL,
  state text NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  problem text,
  made_by text NOT NULL,
  made_at bigint NOT NULL,
  finished_at bigint,
  hash bytea,
  size bigint,
  media_type text,
  file_name text,
  PRIMARY KEY (campaign_no, id)
);

-- A report's wording as an office wants it, each version of it.
CREATE TABLE report_template (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  version bigint NOT NULL,
  bytes bytea NOT NULL,
  made_by text NOT NULL,
  made_at bigint NOT NULL,
  withdrawn_at bigint,
  PRIMARY KEY (campaign_no, id, version)
);
