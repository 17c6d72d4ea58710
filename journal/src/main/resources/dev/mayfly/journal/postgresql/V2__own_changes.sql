-- The changes that complete one snapshot, apart from the log: a snapshot may come from elsewhere.
CREATE TABLE mayfly_snapshot_changes (
  snapshot BIGINT NOT NULL,
  last_revision BIGINT NOT NULL,
  part BIGINT NOT NULL,
  parts BIGINT NOT NULL,
  first_revision BIGINT NOT NULL,
  changes BIGINT NOT NULL,
  written BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (snapshot, last_revision, part)
);

INSERT INTO mayfly_snapshot_changes (snapshot, last_revision, part, parts, first_revision, changes,
  written, checksum, data)
SELECT snapshot, last_revision, part, parts, first_revision, changes, written, checksum, data
FROM mayfly_changes WHERE snapshot IS NOT NULL;

-- What is left in mayfly_changes is the log: its snapshot is null from here on.
DELETE FROM mayfly_changes WHERE snapshot IS NOT NULL;

-- What counters, limits and leases have become, encoded, in blocks that are counted without a gap.
CREATE TABLE mayfly_counter_changes (
  server BIGINT NOT NULL,
  number BIGINT NOT NULL,
  written BIGINT NOT NULL,
  changes BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (server, number)
);

-- The newest of these blocks when the snapshot's counters were copied: it has all up to it.
ALTER TABLE mayfly_snapshots ADD COLUMN counter_block BIGINT NOT NULL DEFAULT 0;

-- The lease that the entry lives on; 0: none.
ALTER TABLE mayfly_snapshot_entries ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;
