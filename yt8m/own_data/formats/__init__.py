"""Files that hold arrays, one module per format with `opened(path, inside, feature)`.

A context manager that gives an `Array`: shape and type are known before anything is read. Modules
may raise anything for a damaged file; `own_data.arrays` adds the file's name.
"""
