-- Headquarters' people, their programs and their work.

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

-- How far the index of findings' words has come, and that of their entries. upto: the
-- finding up to which it is built, NULL when it is whole. words: the rules by which texts were cut. position: of the history.
CREATE TABLE search_state (
  campaign_no INTEGER NOT NULL PRIMARY KEY,
  epoch BLOB NOT NULL,
  words INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  upto BLOB,
  position INTEGER NOT NULL
) STRICT;

-- Which document of search_word has a finding's words, and their hash. Documents rise
-- with the time at which their finding was made; void: another has taken its place.
CREATE TABLE search_doc (
  document INTEGER NOT NULL PRIMARY KEY,
  campaign_no INTEGER NOT NULL,
  finding_id BLOB NOT NULL CHECK (length(finding_id) = 16),
  hash BLOB NOT NULL,
  void INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX search_doc_by_finding ON search_doc (campaign_no, finding_id) WHERE void = 0;

-- Findings' words as server/review cut them.
CREATE VIRTUAL TABLE search_word USING fts4(content="", words, tokenize=simple, order=desc);

-- Which entries wrote to a finding.
CREATE TABLE finding_entry (
  campaign_no INTEGER NOT NULL,
  finding_id BLOB NOT NULL CHECK (length(finding_id) = 16),
  position INTEGER NOT NULL,
  PRIMARY KEY (campaign_no, finding_id, position)
) STRICT, WITHOUT ROWID;
