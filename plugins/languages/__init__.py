"""The site's languages beside each other: what one has and the others lack."""
