"""One module for each page: what it reads, and the template it fills."""
