"""Work that falls due at a time: kept in a table, done by whichever gateway claims it, retried until it is done."""
