"""Screens of the petition's status, the appeal's versions, the human check and milestones."""
