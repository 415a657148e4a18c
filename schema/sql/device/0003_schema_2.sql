-- Schema version 2: a campaign is archived. Headquarters' events stay there.

ALTER TABLE campaign ADD COLUMN archived_at INTEGER;
