-- Headquarters' people, their programs and their work.

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

-- How far the index of findings' words has come, and that of their entries. upto: the
-- finding up to which it is built, NULL when it is whole. words: the rules by which texts were cut. position: of the history.
CREATE TABLE search_state (
  campaign_no bigint NOT NULL PRIMARY KEY,
  epoch uuid NOT NULL,
  words bigint NOT NULL,
  revision bigint NOT NULL,
  upto uuid,
  position bigint NOT NULL
);

-- A finding's words as server/review cut them, and their hash.
CREATE TABLE search_doc (
  campaign_no bigint NOT NULL,
  finding_id uuid NOT NULL,
  hash bytea NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (campaign_no, finding_id)
);
CREATE INDEX search_doc_by_words ON search_doc USING gin (words);

-- Which entries wrote to a finding.
CREATE TABLE finding_entry (
  campaign_no bigint NOT NULL,
  finding_id uuid NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (campaign_no, finding_id, position)
);
