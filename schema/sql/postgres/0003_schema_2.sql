-- Schema version 2: headquarters' events; a campaign is archived.

ALTER TABLE campaign ADD COLUMN archived_at bigint;

-- What happened at headquarters beside changes of rows.
CREATE TABLE event (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  actor text,
  detail text,
  position bigint,
  body bytea,
  happened_at bigint NOT NULL,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
