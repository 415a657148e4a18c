-- What a device keeps so that headquarters can be put together again from its
-- devices, and so that it cannot forget unnoticed.

-- backed_up: headquarters has said that the entry is in a backup.
ALTER TABLE outbox ADD COLUMN backed_up INTEGER NOT NULL DEFAULT 0;
DROP INDEX outbox_waiting;
CREATE INDEX outbox_by_state ON outbox (state, seq);

-- Entries of colleagues that this device carries for them. state is that of
-- outbox, or refused: headquarters does not take it, see reason. verified: the
-- author's key was known here and the signature holds.
CREATE TABLE carried (
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  seq INTEGER NOT NULL CHECK (seq > 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  entry BLOB NOT NULL,
  verified INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  reason TEXT,
  PRIMARY KEY (device_id, seq)
) STRICT;
CREATE INDEX carried_by_state ON carried (state, device_id, seq);

-- An author's signature over the head at seq: carried entries travel in runs
-- that end at one.
CREATE TABLE carried_seal (
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  seq INTEGER NOT NULL CHECK (seq > 0),
  signature BLOB NOT NULL,
  PRIMARY KEY (device_id, seq)
) STRICT, WITHOUT ROWID;

-- Checkpoints of its history that headquarters signed, in the order they came.
-- size is the number of entries in it.
CREATE TABLE checkpoint (
  no INTEGER PRIMARY KEY,
  size INTEGER NOT NULL CHECK (size >= 0),
  epoch BLOB NOT NULL CHECK (length(epoch) = 16),
  text TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;

-- Headquarters' state at a revision of an epoch held a device's entries up to
-- seq. A restored headquarters asks what authors of an older epoch had seen.
CREATE TABLE epoch_head (
  epoch BLOB NOT NULL CHECK (length(epoch) = 16),
  revision INTEGER NOT NULL CHECK (revision >= 0),
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  seq INTEGER NOT NULL CHECK (seq > 0),
  PRIMARY KEY (epoch, revision, device_id)
) STRICT, WITHOUT ROWID;
