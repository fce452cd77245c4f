"""The database: engine, tables, the steps that make them, the one writer, and what can go wrong."""
