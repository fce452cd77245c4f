"""What tenants and staff do: each action is an event in the same transaction as what it changes."""
