"""What follows a turn: notices, files, long work. Asked for in the database, carried out once, by one process."""
