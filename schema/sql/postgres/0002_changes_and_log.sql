-- What changed is listed per scope instead of indexed per row; the writes of a
-- conflict stand in its row; the history is a transparency log.

-- The right edge of the history's Merkle tree (syncengine/translog): the roots
-- of its complete subtrees, largest first, 32 bytes each. backed_up: up to which
-- position a confirmed backup has the history.
ALTER TABLE campaign_state ADD COLUMN log bytea NOT NULL DEFAULT '';
ALTER TABLE campaign_state ADD COLUMN backed_up bigint NOT NULL DEFAULT 0;

-- The schema version up to which entries are merged: that of headquarters' own.
ALTER TABLE campaign_state ADD COLUMN schema bigint NOT NULL DEFAULT 1;

-- The epochs of a campaign: the history after position began, and the revisions
-- above revision, belong to it.
CREATE TABLE epoch (
  campaign_no bigint NOT NULL,
  began bigint NOT NULL,
  epoch uuid NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (campaign_no, began)
);
INSERT INTO epoch SELECT no, 0, epoch, 0 FROM campaign_state;

-- Complete tiles of the Merkle tree: 256 hashes of a level.
CREATE TABLE log_tile (
  campaign_no bigint NOT NULL,
  level bigint NOT NULL,
  number bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (campaign_no, level, number)
);

-- The highest seq of a device that an entry named as seen before it was here.
ALTER TABLE author ADD COLUMN named bigint NOT NULL DEFAULT 0;

-- The campaign's revision when an entry of the device was merged last.
ALTER TABLE author ADD COLUMN revision bigint NOT NULL DEFAULT 0;
UPDATE author SET revision = coalesce((SELECT max(h.revision) FROM history h
  WHERE h.campaign_no = author.campaign_no AND h.author = author.no), 0);

-- What headquarters' state at a revision of an epoch had of a device, as those
-- tell who pulled it; needed where an epoch ended with a restored backup.
CREATE TABLE epoch_head (
  campaign_no bigint NOT NULL,
  epoch uuid NOT NULL,
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (campaign_no, epoch, device_id, seq, revision)
);

-- Which rows changed in a scope, or left it, in one transaction: revisions first
-- to revision, and rows packed by server/store (Changed).
CREATE TABLE change (
  campaign_no bigint NOT NULL,
  scope bigint NOT NULL,
  revision bigint NOT NULL,
  first bigint NOT NULL,
  count bigint NOT NULL,
  rows bytea NOT NULL,
  PRIMARY KEY (campaign_no, scope, revision)
);

-- Numbers of tables are their places in the catalogue.
INSERT INTO change (campaign_no, scope, revision, first, count, rows)
  SELECT campaign_no, _scope, _revision, _revision, 1, '\x0000'::bytea || uuid_send(id) FROM campaign WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0001'::bytea || uuid_send(id) FROM team WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0002'::bytea || uuid_send(id) FROM inspector WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0003'::bytea || uuid_send(id) FROM team_member WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0004'::bytea || uuid_send(id) FROM device WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0005'::bytea || uuid_send(id) FROM unit WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0006'::bytea || uuid_send(id) FROM problem WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0007'::bytea || uuid_send(id) FROM ledger_entry WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0008'::bytea || uuid_send(id) FROM commitment WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x0009'::bytea || uuid_send(id) FROM visit WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x000a'::bytea || uuid_send(id) FROM verification WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x000b'::bytea || uuid_send(id) FROM finding WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x000c'::bytea || uuid_send(id) FROM comment WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, '\x000d'::bytea || uuid_send(id) FROM review WHERE _scope > 0
  UNION ALL SELECT campaign_no, scope, revision, revision, 1, CASE table_name
    WHEN 'campaign' THEN '\x0000'::bytea
    WHEN 'team' THEN '\x0001'::bytea
    WHEN 'inspector' THEN '\x0002'::bytea
    WHEN 'team_member' THEN '\x0003'::bytea
    WHEN 'device' THEN '\x0004'::bytea
    WHEN 'unit' THEN '\x0005'::bytea
    WHEN 'problem' THEN '\x0006'::bytea
    WHEN 'ledger_entry' THEN '\x0007'::bytea
    WHEN 'commitment' THEN '\x0008'::bytea
    WHEN 'visit' THEN '\x0009'::bytea
    WHEN 'verification' THEN '\x000a'::bytea
    WHEN 'finding' THEN '\x000b'::bytea
    WHEN 'comment' THEN '\x000c'::bytea
    WHEN 'review' THEN '\x000d'::bytea
    END || uuid_send(row_id) FROM departure
  ON CONFLICT DO NOTHING;
DROP TABLE departure;

DROP INDEX campaign_by_revision;
DROP INDEX team_by_revision;
DROP INDEX inspector_by_revision;
DROP INDEX team_member_by_revision;
DROP INDEX device_by_revision;
DROP INDEX unit_by_revision;
DROP INDEX problem_by_revision;
DROP INDEX ledger_entry_by_revision;
DROP INDEX commitment_by_revision;
DROP INDEX visit_by_revision;
DROP INDEX verification_by_revision;
DROP INDEX finding_by_revision;
DROP INDEX comment_by_revision;
DROP INDEX review_by_revision;

ALTER TABLE conflict RENAME TO conflict_before;
ALTER TABLE conflict_before RENAME CONSTRAINT conflict_pkey TO conflict_before_pkey;

-- One cell with competing writes. state: open, agreed, resolved, superseded.
-- writes: all of them, those that compete and those that did, packed by
-- server/store (ReadWrites). The key begins with the cell, by which a merge asks.
CREATE TABLE conflict (
  campaign_no bigint NOT NULL,
  row_id uuid NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  id uuid NOT NULL,
  base bytea,
  state text NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint,
  writes bytea NOT NULL DEFAULT '',
  PRIMARY KEY (campaign_no, row_id, table_name, column_name, id)
);
INSERT INTO conflict SELECT campaign_no, row_id, table_name, column_name, id, base, state, opened_at,
  closed_at, coalesce((SELECT string_agg(
    int4send(w.author::integer) || int8send(coalesce((SELECT min(h.seq) FROM history h
      WHERE h.campaign_no = w.campaign_no AND h.author = w.author AND h.revision >= w.revision
      AND h.outcome = 'merged'), 0)) || int8send(w.revision) || int8send(w.clock) ||
    set_byte('\x00', 0, (w.competing + CASE WHEN w.base IS NULL THEN 0 ELSE 2 END)::integer) ||
    int4send(length(w.value)) || w.value || coalesce(int4send(length(w.base)) || w.base, ''::bytea),
    '' ORDER BY w.author, w.revision)
  FROM conflict_write w WHERE w.campaign_no = conflict_before.campaign_no
  AND w.conflict_id = conflict_before.id), '')
  FROM conflict_before;
DROP TABLE conflict_write;
DROP TABLE conflict_before;
CREATE INDEX conflict_open ON conflict (campaign_no, opened_at) WHERE state = 'open';

-- Entries are kept as they came: to compress them costs more than to store them.
ALTER TABLE history ALTER COLUMN entry SET STORAGE EXTERNAL;
ALTER TABLE change ALTER COLUMN rows SET STORAGE EXTERNAL;
ALTER TABLE aside ALTER COLUMN body SET STORAGE EXTERNAL;

-- Of a table's indexes only the key begins with the campaign. For a table that is
-- new the server has no statistics, takes a campaign for one row, and any index
-- that begins with it for as good as the key.
ALTER TABLE author DROP CONSTRAINT author_campaign_no_device_id_key,
  ADD UNIQUE (device_id, campaign_no);
DROP INDEX history_by_seq;
CREATE UNIQUE INDEX history_by_seq ON history (author, campaign_no, seq);
DROP INDEX problem_by_unit;
CREATE INDEX problem_by_unit ON problem (unit_id, campaign_no);
DROP INDEX ledger_entry_by_problem;
CREATE INDEX ledger_entry_by_problem ON ledger_entry (problem_id, campaign_no);
DROP INDEX commitment_by_unit;
CREATE INDEX commitment_by_unit ON commitment (unit_id, campaign_no);
DROP INDEX verification_by_visit;
CREATE INDEX verification_by_visit ON verification (visit_id, campaign_no);
DROP INDEX finding_by_visit;
CREATE INDEX finding_by_visit ON finding (visit_id, campaign_no);
DROP INDEX comment_by_finding;
CREATE INDEX comment_by_finding ON comment (finding_id, campaign_no);
