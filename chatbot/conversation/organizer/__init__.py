"""The organizers' half of the conversation: commands and buttons of the team."""
