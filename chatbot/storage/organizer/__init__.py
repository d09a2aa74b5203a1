"""The team, the audit log, jobs, the petition's status and the review of signatures."""
