"""Entities, links and HTML as Telegram reads them."""
