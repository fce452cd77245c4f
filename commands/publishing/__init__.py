"""Publishing with git, for people who fear it: what goes out, in words, and the way back."""
