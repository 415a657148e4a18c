-- An index with the revision, which every change raises, keeps PostgreSQL from writing a changed
-- finding beside the one before it and leaving all indexes alone (HOT). Returned ones are few.
DROP INDEX finding_returned;
CREATE INDEX finding_returned ON finding (id, campaign_no) WHERE review_state = 'returned';
