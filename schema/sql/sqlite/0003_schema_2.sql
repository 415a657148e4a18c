-- Schema version 2: headquarters' events; a campaign is archived.

ALTER TABLE campaign ADD COLUMN archived_at INTEGER;

-- What happened at headquarters beside changes of rows.
CREATE TABLE event (
  campaign_no INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL,
  actor TEXT,
  detail TEXT,
  position INTEGER,
  body BLOB,
  happened_at INTEGER NOT NULL,
  _scope INTEGER NOT NULL,
  _revision INTEGER NOT NULL,
  _clocks BLOB NOT NULL,
  PRIMARY KEY (campaign_no, id)
) STRICT, WITHOUT ROWID;
