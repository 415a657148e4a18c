-- An index of visits that has what is counted costs a change of a finding more than the change
-- itself. Counts by visit are made in one pass over the index of lists instead.
DROP INDEX finding_by_visit;
CREATE INDEX finding_by_visit ON finding (campaign_no, visit_id);
