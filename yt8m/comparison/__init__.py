"""Any number of finished runs side by side: which settings differ, and what they are worth."""
