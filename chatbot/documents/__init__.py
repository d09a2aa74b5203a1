"""Exports: tables for spreadsheets, the petition document (PDF), and charts.

A child process makes each of them, so that the bot keeps replying and its memory stays small.
"""
