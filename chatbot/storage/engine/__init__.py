"""The two engines, SQLite and PostgreSQL, behind one interface, and their migrations."""
