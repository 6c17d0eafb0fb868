"""The result of the whole run in one sentence and four figures."""

from dataclasses import dataclass

from yt8m.data.few_videos import measured_on_few
from yt8m.report.choices import chosen_on
from yt8m.report.content import Content, Graph
from yt8m.report.noise import Difference, with_limits
from yt8m.report.number_format import count, interval_text, metric, percent, size

Named = tuple[str, Graph]


@dataclass(frozen=True)
class Tile:
    """A figure in large print. bar: 0 to 1, how much of a whole it is."""

    title: str
    figure: str
    note: str
    bar: float | None = None
    mark: str = ""


def best_single(content: Content) -> Named:
    """The model and stage with the highest GAP; the smaller one among equals."""
    graphs = [
        (f"{model.name}, {stage}", graph)
        for model in content.models.values()
        for stage, graph in model.stages.items()
    ]
    return max(graphs, key=lambda named: (content.gap(named[1]), -named[1].size_bytes))


def summary(content: Content) -> str:
    """What the final ensemble reaches, what it takes, and what that is compared with."""
    final, teacher = content.final, content.teacher
    sentence = (
        f"The final ensemble scores GAP {_with_interval(content, final)} on {content.split}"
        f"{_remark(content)} in {size(final.size_bytes)} on disk"
    )
    if final.budget_bytes:
        share = percent(final.size_bytes / final.budget_bytes)
        sentence += f", {share} of its budget of {size(final.budget_bytes)}"
    if teacher:
        ratio = content.gap(final) / max(content.gap(teacher), 1e-12)
        sentence += (
            f"; it {'keeps' if ratio <= 1 else 'reaches'} {percent(ratio)} of its teacher's GAP "
            f"({metric(content.gap(teacher))}) in {percent(final.size_bytes / teacher.size_bytes)} "
            f"of its bytes ({size(teacher.size_bytes)})"
        )
    name, single = best_single(content)
    return (
        f"{sentence}; the best single model ({name}) scores {metric(content.gap(single))} in "
        f"{size(single.size_bytes)}."
    )


def _remark(content: Content) -> str:
    """A warning if the final ensemble's members were chosen on the split of its metrics."""
    warning = chosen_on(content.final, content.split)
    return f" ({warning})" if warning else ""


def chance(content: Content) -> str:
    """What is mostly chance, since a split has few videos; "" if all have enough."""
    few = {split: measured_on_few(content.final.measures[split]) for split in content.splits}
    found = " and ".join(f"{split} has {words}" for split, words in few.items() if words)
    return f"{found}: measures there, and their differences, are mostly chance." if found else ""


def tiles(content: Content) -> list[Tile]:
    """GAP and size of the final ensemble, its teacher, and the best single model."""
    final, teacher = content.final, content.teacher
    measures = final.measures[content.split]
    videos = f"{count(measures['videos'])} videos of {content.split}"
    interval = content.interval(final)
    note = f"{interval_text(interval)} on {videos}" if interval else videos
    found = [
        Tile(f"GAP of {final.name}", metric(content.gap(final)), note, mark="final"),
        _size_tile(content),
    ]
    if teacher:
        note = f"{size(teacher.size_bytes)}; {_against(content, teacher)}"
        found.append(Tile(f"GAP of {teacher.name}", metric(content.gap(teacher)), note))
    name, single = best_single(content)
    note = f"{name}, {size(single.size_bytes)}; {_against(content, single)}"
    return [*found, Tile("GAP of the best model alone", metric(content.gap(single)), note)]


def _with_interval(content: Content, graph: Graph) -> str:
    """`0.7312 [0.7204, 0.7410]`."""
    found = content.interval(graph)
    return " ".join([metric(content.gap(graph)), *([interval_text(found)] if found else [])])


def _against(content: Content, other: Graph) -> str:
    """The final ensemble's GAP, minus another graph's."""
    difference = content.difference(content.final, other)
    return f"{content.final.name} is at {with_limits(difference, content.confidence)}"


def named_differences(content: Content) -> list[Difference]:
    """Those of the final ensemble to its teacher, if any, and to the best single model."""
    others = [*filter(None, [content.teacher]), best_single(content)[1]]
    return [content.difference(content.final, other) for other in others]


def _size_tile(content: Content) -> Tile:
    final = content.final
    title, figure = f"Size of {final.name}", size(final.size_bytes)
    if not final.budget_bytes:
        return Tile(title, figure, f"{count(final.size_bytes)} bytes; no budget set")
    share = final.size_bytes / final.budget_bytes
    return Tile(title, figure, f"{percent(share)} of {size(final.budget_bytes)}", min(share, 1.0))
