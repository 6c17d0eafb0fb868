"""The report: what a run's result files say, as one HTML page that needs nothing else."""
