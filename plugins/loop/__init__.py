"""The loop: what tenants said, joined to what was done about it, on every page that it touches."""
