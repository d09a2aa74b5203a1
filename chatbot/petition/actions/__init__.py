"""What people can do after they signed: the types, and the file that campaigns write."""
