"""Records and batches: from bytes on disk to arrays, and back."""
