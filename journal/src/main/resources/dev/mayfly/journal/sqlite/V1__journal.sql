-- Times are milliseconds since the epoch; keys and values are bytes.

CREATE TABLE mayfly_servers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  -- No revision or fencing token above this one was ever given.
  reserved INTEGER NOT NULL,
  -- The snapshot to begin with at the next start, instead of the newest.
  restore_from INTEGER
);

CREATE TABLE mayfly_snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  server INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  started INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  -- The entries were copied while changes went on: those after this revision,
  first_revision INTEGER NOT NULL,
  -- up to this one, make them the store at this one.
  revision INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  history INTEGER NOT NULL,
  locks INTEGER NOT NULL,
  metrics INTEGER NOT NULL,
  counters INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  checksum INTEGER NOT NULL
);

-- An id is the snapshot's, times 2^40, and the row's number.
CREATE TABLE mayfly_snapshot_entries (
  id INTEGER PRIMARY KEY,
  snapshot INTEGER NOT NULL,
  key BLOB NOT NULL,
  value BLOB NOT NULL,
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  lifespan_set INTEGER NOT NULL,
  content_type TEXT,
  tracked INTEGER NOT NULL,
  gone INTEGER NOT NULL
);

CREATE TABLE mayfly_snapshot_history (
  entry INTEGER NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  time INTEGER NOT NULL,
  content_type TEXT,
  value BLOB NOT NULL,
  PRIMARY KEY (entry, version)
);

CREATE TABLE mayfly_snapshot_locks (
  entry INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  token INTEGER NOT NULL,
  created INTEGER NOT NULL,
  deadline INTEGER NOT NULL
);

CREATE TABLE mayfly_snapshot_metrics (
  entry INTEGER PRIMARY KEY,
  accesses INTEGER NOT NULL,
  first_accessed INTEGER NOT NULL,
  last_accessed INTEGER NOT NULL,
  sets INTEGER NOT NULL,
  first_set INTEGER NOT NULL,
  last_set INTEGER NOT NULL,
  locks INTEGER NOT NULL,
  first_locked INTEGER NOT NULL,
  last_locked INTEGER NOT NULL
);

CREATE TABLE mayfly_snapshot_counters (
  id INTEGER PRIMARY KEY,
  snapshot INTEGER NOT NULL,
  kind TEXT NOT NULL,
  namespace BLOB NOT NULL,
  key BLOB NOT NULL,
  rounded INTEGER NOT NULL,
  total INTEGER NOT NULL,
  -- For each moment, bucket or lease: when it ends, how much it counts, and a lease's name.
  buckets TEXT NOT NULL
);

-- Changes after first_revision up to last_revision, encoded; of one cut in some parts.
CREATE TABLE mayfly_changes (
  server INTEGER NOT NULL,
  last_revision INTEGER NOT NULL,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  first_revision INTEGER NOT NULL,
  -- The one snapshot that they belong to; null: the log.
  snapshot INTEGER,
  changes INTEGER NOT NULL,
  written INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (server, last_revision, part)
);
