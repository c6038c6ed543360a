// ResultStore: the SQLite schema, migrations, writes, queries.
