"""The figures of the report, declared in Vega-Lite."""
