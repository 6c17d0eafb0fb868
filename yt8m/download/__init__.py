"""Download of YouTube-8M: what to fetch, the server, resumed transfers, and what has arrived."""
