-- Schema version 3: a verification can be withdrawn.

ALTER TABLE verification ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE verification ADD COLUMN withdrawn_reason TEXT;
