"""Updates on their way to the bot, by long polling or webhook."""
