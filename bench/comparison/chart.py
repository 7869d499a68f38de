"""Results as an SVG: a bar a client, grouped by server, on a logarithmic scale."""

import html
import math

LEFT, WIDTH, RIGHT = 250, 560, 90
BAR, GAP, HEAD = 16, 4, 30
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .head { font-weight: 600; }
  .small { font-size: 11px; fill: #57606a; }
  .grid { stroke: #d0d7de; }
  .arpasweep { fill: #1a7f64; } .peer { fill: #9aa4b0; } .floor { fill: #c69026; }
  .mark { stroke: #b35900; stroke-width: 1.5; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; } .grid { stroke: #3d444d; }
    .arpasweep { fill: #3fb68b; } .peer { fill: #7d8590; } .floor { fill: #d8a740; } .mark { stroke: #f0a04b; }
  }
"""


class Scale:
    """Whole decades that hold all values."""

    def __init__(self, values):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)

    def x(self, value):
        return LEFT + WIDTH * (math.log10(value) - self.low) / (self.high - self.low)

    def decades(self):
        return [10 ** power for power in range(self.low, self.high + 1)]


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{html.escape(words)}</text>'


def group(results, server, scale, top):
    """The elements of one server and the ordinate below them."""
    bars = [one for one in results if one.server == server]
    parts, y = [text(0, top + 20, server, "head")], top + HEAD
    for one in sorted(bars, key=lambda one: one.cpu_ns):
        end = scale.x(one.cpu_ns)
        parts.append(text(LEFT - 8, y + 12, one.client, "", "end"))
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{max(end - LEFT, 1):.1f}" height="{BAR}" class="{one.kind}"/>')
        parts.append(text(end + 6, y + 12, f"{one.cpu_ns:,.0f}", "small"))
        y += BAR + GAP
    floor = results.floor(server)
    if floor is not None:
        x = scale.x(floor)
        parts.append(f'<line x1="{x:.1f}" y1="{top + HEAD - 6}" x2="{x:.1f}" y2="{y}" class="mark"/>')
    return parts, y


def svg(results):
    """Of PTR lookups; the dashed line is the kernel's floor."""
    shown = type(results)(one for one in results if one.task == "PTR")
    scale = Scale([one.cpu_ns for one in shown])
    parts, y = [], 26
    for server in shown.servers():
        more, y = group(shown, server, scale, y)
        parts += more
    grid = []
    for value in scale.decades():
        x = scale.x(value)
        grid.append(f'<line x1="{x:.1f}" y1="30" x2="{x:.1f}" y2="{y}" class="grid"/>')
        grid.append(text(x, y + 16, f"{value:,}", "small", "middle"))
    title = "CPU time of the client, nanoseconds a query (logarithmic); dashed: the kernel alone"
    width, height = LEFT + WIDTH + RIGHT, y + 30
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{title}">', f"<style>{STYLE}</style>", text(0, 14, title, "head"), *grid,
        *parts, "</svg>"]) + "\n"
