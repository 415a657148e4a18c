-- What changed is listed per scope instead of indexed per row; the writes of a
-- conflict stand in its row; the history is a transparency log.

-- The right edge of the history's Merkle tree (syncengine/translog): the roots
-- of its complete subtrees, largest first, 32 bytes each. backed_up: up to which
-- position a confirmed backup has the history.
ALTER TABLE campaign_state ADD COLUMN log BLOB NOT NULL DEFAULT x'';
ALTER TABLE campaign_state ADD COLUMN backed_up INTEGER NOT NULL DEFAULT 0;

-- The schema version up to which entries are merged: that of headquarters' own.
ALTER TABLE campaign_state ADD COLUMN schema INTEGER NOT NULL DEFAULT 1;

-- The epochs of a campaign: the history after position began, and the revisions
-- above revision, belong to it.
CREATE TABLE epoch (
  campaign_no INTEGER NOT NULL,
  began INTEGER NOT NULL,
  epoch BLOB NOT NULL CHECK (length(epoch) = 16),
  revision INTEGER NOT NULL,
  PRIMARY KEY (campaign_no, began)
) STRICT, WITHOUT ROWID;
INSERT INTO epoch SELECT no, 0, epoch, 0 FROM campaign_state;

-- Complete tiles of the Merkle tree: 256 hashes of a level.
CREATE TABLE log_tile (
  campaign_no INTEGER NOT NULL,
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (campaign_no, level, number)
) STRICT, WITHOUT ROWID;

-- The highest seq of a device that an entry named as seen before it was here.
ALTER TABLE author ADD COLUMN named INTEGER NOT NULL DEFAULT 0;

-- The campaign's revision when an entry of the device was merged last.
ALTER TABLE author ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE author SET revision = coalesce((SELECT max(h.revision) FROM history h
  WHERE h.campaign_no = author.campaign_no AND h.author = author.no), 0);

-- What headquarters' state at a revision of an epoch had of a device, as those
-- tell who pulled it; needed where an epoch ended with a restored backup.
CREATE TABLE epoch_head (
  campaign_no INTEGER NOT NULL,
  epoch BLOB NOT NULL CHECK (length(epoch) = 16),
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  seq INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (campaign_no, epoch, device_id, seq, revision)
) STRICT, WITHOUT ROWID;

-- Which rows changed in a scope, or left it, in one transaction: revisions first
-- to revision, and rows packed by server/store (Changed). They are long: with a
-- rowid more of them fit into a page.
CREATE TABLE change (
  campaign_no INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  rows BLOB NOT NULL,
  PRIMARY KEY (campaign_no, scope, revision)
) STRICT;

-- Numbers of tables are their places in the catalogue.
INSERT OR IGNORE INTO change (campaign_no, scope, revision, first, count, rows)
  SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0000' || hex(id)) FROM campaign WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0001' || hex(id)) FROM team WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0002' || hex(id)) FROM inspector WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0003' || hex(id)) FROM team_member WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0004' || hex(id)) FROM device WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0005' || hex(id)) FROM unit WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0006' || hex(id)) FROM problem WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0007' || hex(id)) FROM ledger_entry WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0008' || hex(id)) FROM commitment WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('0009' || hex(id)) FROM visit WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('000a' || hex(id)) FROM verification WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('000b' || hex(id)) FROM finding WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('000c' || hex(id)) FROM comment WHERE _scope > 0
  UNION ALL SELECT campaign_no, _scope, _revision, _revision, 1, unhex('000d' || hex(id)) FROM review WHERE _scope > 0
  UNION ALL SELECT campaign_no, scope, revision, revision, 1, unhex('00' || CASE table_name
    WHEN 'campaign' THEN '00'
    WHEN 'team' THEN '01'
    WHEN 'inspector' THEN '02'
    WHEN 'team_member' THEN '03'
    WHEN 'device' THEN '04'
    WHEN 'unit' THEN '05'
    WHEN 'problem' THEN '06'
    WHEN 'ledger_entry' THEN '07'
    WHEN 'commitment' THEN '08'
    WHEN 'visit' THEN '09'
    WHEN 'verification' THEN '0a'
    WHEN 'finding' THEN '0b'
    WHEN 'comment' THEN '0c'
    WHEN 'review' THEN '0d'
    END || hex(row_id)) FROM departure;
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

-- One cell with competing writes. state: open, agreed, resolved, superseded.
-- writes: all of them, those that compete and those that did, packed by
-- server/store (ReadWrites). The key begins with the cell, by which a merge asks.
CREATE TABLE conflict (
  campaign_no INTEGER NOT NULL,
  row_id BLOB NOT NULL,
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  base BLOB,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  writes BLOB NOT NULL DEFAULT x'',
  PRIMARY KEY (campaign_no, row_id, table_name, column_name, id)
) STRICT, WITHOUT ROWID;
INSERT INTO conflict SELECT campaign_no, row_id, table_name, column_name, id, base, state, opened_at,
  closed_at, coalesce((SELECT unhex(group_concat(
    printf('%08x%016x%016x%016x%02x%08x', w.author, coalesce((SELECT min(h.seq) FROM history h
      WHERE h.campaign_no = w.campaign_no AND h.author = w.author AND h.revision >= w.revision
      AND h.outcome = 'merged'), 0), w.revision, w.clock,
      w.competing + 2 * (w.base IS NOT NULL), length(w.value)) || hex(w.value) ||
    CASE WHEN w.base IS NULL THEN '' ELSE printf('%08x', length(w.base)) || hex(w.base) END, ''))
  FROM conflict_write w WHERE w.campaign_no = conflict_before.campaign_no
  AND w.conflict_id = conflict_before.id), x'')
  FROM conflict_before;
DROP TABLE conflict_write;
DROP TABLE conflict_before;
CREATE INDEX conflict_open ON conflict (campaign_no, opened_at) WHERE state = 'open';
