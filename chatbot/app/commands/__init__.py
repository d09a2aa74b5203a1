"""The commands of the command line: each module declares its `COMMAND`, and `__main__` has the table of them."""
