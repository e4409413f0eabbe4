"""Find what citizens are really complaining about in a month of 12345 work orders, and draft the report."""

__version__ = "0.1.0"
