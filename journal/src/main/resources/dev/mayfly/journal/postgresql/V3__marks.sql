-- The checksum of the row's other columns; null: not known, as after a change by hand.
ALTER TABLE mayfly_snapshots ADD COLUMN mark BIGINT;
