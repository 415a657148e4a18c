-- Schema version 4: draws.

-- A ceremony of a draw. frame: the frozen units (CSV). ceremony: the certificate as far
-- as it goes (JSON, docs/DRAW.md).
CREATE TABLE draw (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  seq bigint NOT NULL,
  purpose text NOT NULL,
  scope text NOT NULL,
  state text NOT NULL,
  frame bytea NOT NULL,
  ceremony bytea NOT NULL,
  hash bytea,
  sealed bigint NOT NULL DEFAULT 0,
  made_by text NOT NULL,
  made_at bigint NOT NULL,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
