"""What is taken out of the books: tables for spreadsheets, and the document that is handed over.

Made in a process of their own, so that the bot answers meanwhile and stays as small as it is.
"""
