// Spool: watch, claim, finish, fail, recover.
