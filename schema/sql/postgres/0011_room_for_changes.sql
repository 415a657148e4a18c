-- Room in each page for the rows of it that change, so that a changed row stays in its page
-- and no index is written for it (HOT).
ALTER TABLE finding SET (fillfactor = 75);
ALTER TABLE visit SET (fillfactor = 75);
ALTER TABLE verification SET (fillfactor = 75);
