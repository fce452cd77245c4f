"""Pictures that somebody else made, read as if they lied: from a file to its pixels."""
