"""Statistics, exports, the audit log and the review of signatures."""
