"""GAP against bytes: models stored in several ways, the best ones, the choice for a budget."""
