package dev.mayfly.journal;

class SqliteOldSnapshotTest extends OldSnapshotContract {
  @Override
  JournalPlace oldPlace() {
    return new JournalPlace.File(files.resolve("old.db"));
  }

  @Override
  String oldUrl() {
    return files.resolve("old.db").toString();
  }

  @Override
  String tableSql() {
    return "CREATE TABLE snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB,"
        + " created DATETIME DEFAULT CURRENT_TIMESTAMP, server_name TEXT)";
  }
}
