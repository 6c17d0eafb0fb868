"""Slow and plain: thresholds and calibration from sorted lists, one class at a time."""


def decisions(scores, labels, threshold):
    """Hits and decisions of one class at a threshold."""
    decided = [true for score, true in zip(scores, labels, strict=True) if score >= threshold]
    return sum(decided), len(decided)


def f1(scores, labels, threshold):
    hits, decided = decisions(scores, labels, threshold)
    return 2 * hits / (decided + sum(labels)) if hits else 0.0


def best_f1(scores, labels):
    """The best F1 at any threshold: at each of the scores."""
    return max(f1(scores, labels, score) for score in scores)


def lowest_with_precision(scores, labels, precision):
    """The lowest score at which the precision is reached; None if nowhere."""
    for score in sorted(scores):
        hits, decided = decisions(scores, labels, score)
        if hits and hits / decided >= precision:
            return score
    return None


def calibration_error(scores, labels, groups, first=0):
    """Mean difference of probability and share of positives, by group, over (video, class)."""
    total = error = 0
    for group in range(first, groups):
        last = group == groups - 1
        inside = [
            (score, true)
            for score, true in zip(scores, labels, strict=True)
            if group / groups <= score and (last or score < (group + 1) / groups)
        ]
        total += len(inside)
        error += abs(sum(score for score, _ in inside) - sum(true for _, true in inside))
    return error / total
