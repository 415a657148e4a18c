-- Up to which seq a device's entries are all in the rows is told with each pull.
CREATE INDEX history_unmerged_by_author ON history (campaign_no, author, seq) WHERE outcome <> 'merged';
