"""The feedback service's pages."""
