-- Schema version 5: people drawn in the field, attachments, interviews; routes told stop by stop.

-- 1: a team learns of a stop when the one before is over.
ALTER TABLE draw ADD COLUMN stops bigint NOT NULL DEFAULT 0;

-- What a team's phones need to draw people at a unit. modes: with commas; throws: the ceremony's dice (JSON);
-- path: 32 bytes for each step; sealed: the key, AES-256-GCM (docs/DRAW.md).
CREATE TABLE site (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  unit_id uuid NOT NULL,
  draw_id uuid NOT NULL,
  site text NOT NULL,
  n bigint NOT NULL,
  modes text NOT NULL,
  plan_hash bytea NOT NULL,
  throws text NOT NULL,
  place bigint NOT NULL,
  places bigint NOT NULL,
  path bytea NOT NULL,
  sealed bytea NOT NULL,
  key bytea,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX site_by_unit ON site (unit_id, campaign_no);

-- The list of a unit's people, or doors.
CREATE TABLE roster (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  unit_id uuid NOT NULL,
  kind text NOT NULL DEFAULT 'register',
  official bigint,
  note text,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX roster_by_unit ON roster (unit_id, campaign_no);

-- Somebody, or a door, on a roster.
CREATE TABLE roster_person (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  roster_id uuid NOT NULL,
  key text NOT NULL,
  name text,
  note text,
  withdrawn_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX roster_person_by_roster ON roster_person (roster_id, campaign_no);

-- A roster as its code was told, and the key that was then opened. people: CSV.
CREATE TABLE opening (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  roster_id uuid NOT NULL,
  site_id uuid NOT NULL,
  people text NOT NULL,
  size bigint NOT NULL,
  official bigint,
  root bytea NOT NULL,
  code text NOT NULL,
  told_at bigint NOT NULL,
  told_to text,
  mode text,
  opened_at bigint,
  key bytea,
  throws text,
  inspector_id uuid,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX opening_by_roster ON opening (roster_id, campaign_no);

-- How many people live behind a door that was drawn, and who of them is asked.
CREATE TABLE household (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  opening_id uuid NOT NULL,
  key text NOT NULL,
  people bigint NOT NULL,
  chosen bigint NOT NULL,
  who text,
  listed_at bigint NOT NULL,
  inspector_id uuid,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX household_by_opening ON household (opening_id, campaign_no);

-- An attempt to ask somebody who was drawn.
CREATE TABLE contact (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  opening_id uuid NOT NULL,
  key text NOT NULL,
  result text NOT NULL,
  contacted_at bigint NOT NULL,
  note text,
  inspector_id uuid,
  withdrawn_at bigint,
  withdrawn_reason text,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX contact_by_opening ON contact (opening_id, campaign_no);

-- The head of a phone's chain, as another phone read it off its screen.
CREATE TABLE mirror (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  team_id uuid NOT NULL,
  device_id uuid NOT NULL,
  seq bigint NOT NULL,
  head bytea NOT NULL,
  site text,
  code text,
  contacts bigint,
  text text NOT NULL,
  scanned_at bigint NOT NULL,
  inspector_id uuid,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);

-- The duty desk's book: which roster code was told before an unlock code.
CREATE TABLE desk_call (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  site_id uuid NOT NULL,
  code text NOT NULL,
  caller text NOT NULL,
  told_by text NOT NULL,
  told_at bigint NOT NULL,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);

-- A photo, a sound or a signature; its bytes follow by themselves.
CREATE TABLE attachment (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  visit_id uuid NOT NULL,
  subject_table text NOT NULL,
  subject_id uuid NOT NULL,
  kind text NOT NULL,
  hash bytea NOT NULL,
  size bigint NOT NULL,
  media_type text NOT NULL,
  width bigint,
  height bigint,
  duration_ms bigint,
  original_hash bytea,
  original_size bigint,
  source text,
  taken_at bigint NOT NULL,
  caption text,
  marks text,
  inspector_id uuid,
  latitude_e7 bigint,
  longitude_e7 bigint,
  accuracy_m bigint,
  withdrawn_at bigint,
  withdrawn_reason text,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX attachment_by_visit ON attachment (visit_id, campaign_no);
CREATE INDEX attachment_by_subject ON attachment (subject_id, campaign_no);
CREATE INDEX attachment_by_hash ON attachment (hash, campaign_no);

-- What is asked at units and in interviews.
CREATE TABLE question (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  usage text NOT NULL,
  category text,
  position bigint,
  text text NOT NULL,
  hint text,
  kind text NOT NULL DEFAULT 'yesno',
  options text,
  scale_max bigint,
  readable bigint NOT NULL DEFAULT 0,
  required bigint NOT NULL DEFAULT 0,
  withdrawn_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);

-- An answer at a unit.
CREATE TABLE answer (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  visit_id uuid NOT NULL,
  question_id uuid NOT NULL,
  value text,
  note text,
  inspector_id uuid,
  answered_at bigint,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX answer_by_visit ON answer (visit_id, campaign_no);

-- A talk with a person. sealed: an age file, which phones cannot read.
CREATE TABLE interview (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  visit_id uuid NOT NULL,
  code text NOT NULL,
  drawn bigint NOT NULL DEFAULT 0,
  consent text NOT NULL,
  consent_at bigint NOT NULL,
  ended_at bigint,
  sealed bytea,
  sealed_to text,
  inspector_id uuid,
  withdrawn_at bigint,
  withdrawn_reason text,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX interview_by_visit ON interview (visit_id, campaign_no);

-- A mark of an interview that stays readable.
CREATE TABLE interview_score (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  interview_id uuid NOT NULL,
  question_id uuid NOT NULL,
  value bigint NOT NULL,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX interview_score_by_interview ON interview_score (interview_id, campaign_no);

-- What a unit's representative read at the end of a visit, and whether it was signed.
CREATE TABLE signoff (
  campaign_no bigint NOT NULL,
  id uuid NOT NULL,
  visit_id uuid NOT NULL,
  result text NOT NULL,
  summary text NOT NULL,
  name text,
  duty text,
  reason text,
  attachment_id uuid,
  signed_at bigint NOT NULL,
  inspector_id uuid,
  _scope bigint NOT NULL,
  _revision bigint NOT NULL,
  _clocks bytea NOT NULL,
  PRIMARY KEY (campaign_no, id)
);
CREATE INDEX signoff_by_visit ON signoff (visit_id, campaign_no);

-- age recipients, one to a line.
ALTER TABLE campaign ADD COLUMN seal_to text;

-- The secrets of a ceremony's sites. They are no rows that sync: the history, which
-- auditors get, would give away whom chance has chosen where nobody was yet.
CREATE TABLE site_secret (
  campaign_no bigint NOT NULL,
  draw_id uuid NOT NULL,
  site text NOT NULL,
  key bytea NOT NULL,
  unlock bytea NOT NULL,
  PRIMARY KEY (campaign_no, draw_id, site)
);

-- The bytes of attachments that are there, in files named by their hash. dhash: how the
-- picture looks, for finding one that was taken again or saved anew; NULL where there is none.
CREATE TABLE blob (
  campaign_no bigint NOT NULL,
  hash bytea NOT NULL,
  size bigint NOT NULL,
  media_type text NOT NULL,
  width bigint NOT NULL DEFAULT 0,
  height bigint NOT NULL DEFAULT 0,
  dhash bigint,
  stored_at bigint NOT NULL,
  PRIMARY KEY (campaign_no, hash)
);
