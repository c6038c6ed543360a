// Tests of the built programs, through the command line and the spool.
