"""The PostgreSQL engine, for more than one machine: asyncpg, with a pooled connection for each transaction."""
