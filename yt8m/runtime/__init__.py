"""TensorFlow in a process: which devices it uses, how it is imported, and how to do without that.

Importing TensorFlow takes seconds. A saved graph needs only its C library (`session`) and a few of
its protocol buffers (`messages`).
"""
