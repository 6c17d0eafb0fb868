"""What a competent user writes without this project; nothing here imports `yt8m`."""
