"""What content is: frozen dataclasses and the pure functions that make them from files."""
