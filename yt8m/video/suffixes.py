"""Endings of the names of video files, by which they are found in folders."""

SUFFIXES = frozenset(
    {
        *(".3gp", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg"),
        *(".mpg", ".mts", ".mxf", ".nut", ".ogv", ".ts", ".vob", ".webm", ".wmv", ".wtv"),
    }
)
"""In lower case. A file that is named by itself may have any other ending."""
