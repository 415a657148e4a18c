-- Schema version 4: draws.

-- A ceremony of a draw. frame: the frozen units (CSV). ceremony: the certificate as far
-- as it goes (JSON, docs/DRAW.md).
CREATE TABLE draw (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  seq INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  scope TEXT NOT NULL,
  state TEXT NOT NULL,
  frame BLOB NOT NULL,
  ceremony BLOB NOT NULL,
  hash BLOB,
  sealed INTEGER NOT NULL DEFAULT 0,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
