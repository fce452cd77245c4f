"""Notices: what goes back to tenants, by mail or on paper."""
