"""From a video file to arrays: pictures, sound and the features that networks compute from them.

PyAV decodes; it is imported only inside functions, since it belongs to the optional extra `videos`.
"""
