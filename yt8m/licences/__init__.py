"""Licences that an archive's weights may have."""
