"""A report on a whole book: what is in it, in figures and charts, on one page."""
