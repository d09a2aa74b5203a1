"""Members, invitations and the approval threshold."""
