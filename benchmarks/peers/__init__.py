"""The strongest that a competent user has without this project; nothing here imports `yt8m`."""
