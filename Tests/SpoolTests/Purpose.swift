// Tests of Spool: watch, claim, finish, fail, recover.
