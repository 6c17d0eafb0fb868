"""What one writes at first, without this project; nothing here imports `yt8m`."""
