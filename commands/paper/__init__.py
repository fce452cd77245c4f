"""What is said on paper: posters and letters, made from the site's own facts."""
