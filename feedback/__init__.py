"""How tenants are heard: the only place that ever sees private words."""
