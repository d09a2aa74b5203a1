"""Screens of statistics, exports, the audit log and the review of signatures."""
