-- Schema version 4: draws stay at headquarters.

SELECT 1;
