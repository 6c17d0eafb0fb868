"""The choice of an ensemble's members among candidates, by a metric on a labelled split."""
