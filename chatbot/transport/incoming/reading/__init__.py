"""Parts of reading updates: fields of any type, and what happens in groups and channels."""
