-- Schema version 3: a verification can be withdrawn.

ALTER TABLE verification ADD COLUMN withdrawn_at bigint;
ALTER TABLE verification ADD COLUMN withdrawn_reason text;
