"""Voices without words: what matters, whether it is fixed, and what nobody could find."""
