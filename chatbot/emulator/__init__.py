"""A pretend Telegram for the demo, the tests and the benchmarks. It imports nothing of the bot."""
