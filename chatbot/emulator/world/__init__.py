"""The people, chats and messages of the emulator, and its faults."""
