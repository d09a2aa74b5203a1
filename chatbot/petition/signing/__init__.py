"""What somebody gives to sign: name, reason, draft and the human check."""
