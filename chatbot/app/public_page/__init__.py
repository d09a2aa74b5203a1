"""The public page while the bot runs: kept in memory, and in a folder for other web hosts."""
