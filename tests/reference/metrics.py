"""Slow and plain: the measures with Python lists, one video and one class at a time."""


def best(scores, k):
    """Classes by descending score, the lower class first among equals."""
    return sorted(range(len(scores)), key=lambda c: (-scores[c], c))[:k]


def average_precision(entries, positives):
    """`entries`: (score, hit) pairs in any order; misses come first among equal scores."""
    found, total = 0, 0.0
    for rank, (_, hit) in enumerate(sorted(entries, key=lambda e: (-e[0], e[1])), start=1):
        if hit:
            found += 1
            total += found / rank
    return total / positives if positives else 0.0


def metrics(predictions, labels, top_k=20):
    """All measures over [N, C] nested lists or arrays, as a dict."""
    predictions, labels = predictions.tolist(), labels.tolist()
    classes = len(predictions[0])
    pooled, by_class = [], [[] for _ in range(classes)]
    hits_at_one = precisions = 0.0
    for scores, true in zip(predictions, labels, strict=True):
        for c in best(scores, top_k):
            pooled.append((scores[c], true[c]))
            by_class[c].append((scores[c], true[c]))
        hits_at_one += true[best(scores, 1)[0]]
        if wanted := sum(true):
            precisions += sum(true[c] and scores[c] > 0 for c in best(scores, wanted)) / wanted
    positives = [sum(true[c] for true in labels) for c in range(classes)]
    average = [average_precision(e, n) for e, n in zip(by_class, positives, strict=True)]
    return {
        "gap": average_precision(pooled, sum(positives)),
        "map": sum(average) / classes,
        "perr": precisions / len(labels),
        "hit_at_one": hits_at_one / len(labels),
        "positives": positives,
        "average_precision": average,
        "retrieved": [len(e) for e in by_class],
    }
