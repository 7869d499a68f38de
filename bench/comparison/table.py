"""Results as Markdown."""

from comparison import goals


def row(*cells):
    return "| " + " | ".join(cells) + " |"


def task_table(results, task, unit):
    lines = [row("server", "client", f"CPU ns {unit}", "lowest to highest", "a second", "peak MiB", "answers lost"),
             "|---|---|--:|--:|--:|--:|--:|"]
    for one in results:
        if one.task == task:
            low, high = one.cpu_spread
            lines.append(row(one.server, one.client, f"{one.cpu_ns:,.0f}", f"{low:,.0f} to {high:,.0f}",
                             f"{one.rate:,.0f}", f"{one.peak_mib:.1f}", f"{max(one.lost):,}"))
    return lines


def goal_table(results):
    lines = [row("goal", "measured", "met"), "|---|--:|---|"]
    lines += [row(goal, found, "yes" if met else "no") for goal, found, met in goals.measured(results)]
    return lines


def markdown(results, about, notes):
    """`about`: a sentence on machine and runs; `notes`: lines on what was left out."""
    parts = [about, "", *task_table(results, "PTR", "a query"), ""]
    if any(one.task == "forward" for one in results):
        parts += ["With forward confirmation:", "", *task_table(results, "forward", "an address"), ""]
    if any(goals.measured(results)):
        parts += ["Goals:", "", *goal_table(results), ""]
    parts += [f"- {note}" for note in notes]
    return "\n".join(parts).rstrip() + "\n"
