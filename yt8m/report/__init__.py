"""The report: a run's results as one self-contained HTML page."""
