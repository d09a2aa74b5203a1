"""From Telegram: polling, webhook, updates and the dispatcher."""
