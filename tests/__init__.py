"""The promises of Open House, one file a module."""
