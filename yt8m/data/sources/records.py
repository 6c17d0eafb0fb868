"""Given shards of records, used unchanged."""

from yt8m.data.sources.files import Files
from yt8m.data.sources.given import Given
from yt8m.strict import settings


@settings
class Recipe(Given, Files):
    """Your own TFRecord shards, read in place."""
