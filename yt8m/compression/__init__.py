"""Weights in fewer bytes: a way to store them, not a kind of layer.

A quantiser (one file each in `quantisers/`) takes a variable's values and hands back an `Encoded`;
a storage (one file each in `storages/`) says how an `Encoded` lies in its arrays and how it becomes
float32 again. Many quantisers share the storage `codebook` and differ only in their centres.
"""
