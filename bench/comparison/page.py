"""Where tables go."""

END = "<!-- end -->"


def put(text, path, script):
    """To `path`: between its lines `<!-- script ... -->` and `<!-- end -->` where it has them, else as the whole of
    it; without a path to standard output."""
    if path is None:
        print(text, end="")
        return
    page = path.read_text() if path.exists() else ""
    mark = page.find(f"<!-- bench/{script} ")
    if mark >= 0:
        begin = page.index("\n", mark) + 1
        text = page[:begin] + "\n" + text + "\n" + page[page.index(END, begin):]
    path.write_text(text)
