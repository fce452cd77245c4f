"""Social cards: a picture for each page, for whoever passes its address on; and the manifests."""
