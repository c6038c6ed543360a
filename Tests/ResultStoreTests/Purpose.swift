// Tests of ResultStore: the SQLite schema, migrations, writes, queries.
