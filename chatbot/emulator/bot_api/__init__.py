"""The methods of the Bot API, with Telegram's limits and refusals."""
