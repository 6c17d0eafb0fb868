"""Weights in fewer bytes: a property of how they are stored, not a kind of layer.

A quantiser (one file each in `quantisers/`) takes a variable's values and returns an `Encoded`; a
storage (one file each in `storages/`) defines the arrays of an `Encoded` and decodes them to
float32. Many quantisers share the storage `codebook` and differ only in their centres.
"""
