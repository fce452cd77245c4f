"""Search beside Pagefind: the same pages, the same browser, the same line."""
