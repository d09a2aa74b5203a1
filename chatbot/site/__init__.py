"""The public page and its files, made from the campaign and numbers, without any I/O."""
