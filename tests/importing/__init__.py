"""What people bring from elsewhere, as small inputs of our own words."""
