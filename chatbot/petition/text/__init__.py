"""Text: characters, markup, pages and differences."""
