"""The HTTP server of the emulator and its page."""
