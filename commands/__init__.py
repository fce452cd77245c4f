"""What the tasks do: a module a command."""
