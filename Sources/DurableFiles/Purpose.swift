// DurableFiles: write-flush-fsync-rename, claims by rename, locks; errno becomes an error.
