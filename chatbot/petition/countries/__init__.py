"""Countries: their names, and finding one in what people type."""
