"""What the command line says, by command. Plain text."""
