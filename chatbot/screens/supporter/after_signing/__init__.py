"""After signing: how many signed through their link, and what else people can do."""
