"""Mails on their way: to tenants, staff, teams and subscribers, each kept until it has gone out."""
