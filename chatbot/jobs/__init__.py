"""Jobs: notices, files and long work that a turn requests in the database and one process runs later."""
