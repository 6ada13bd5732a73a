"""Figures in the neutral form that charts and their tables are drawn from; see ``junheng.web.interface.figures``."""
