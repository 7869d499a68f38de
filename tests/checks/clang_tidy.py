#!/usr/bin/env python3
"""clang_tidy.py SOURCE_DIRECTORY BUILD_DIRECTORY: clang-tidy finds nothing in the product's sources.

A translation unit that was clean is not checked again until it, a header or the configuration changes: a stamp is
named after the hash of what the preprocessor makes of it.
"""

import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TOOL = "clang-tidy-19"
PRODUCT = ("codec/", "netio/", "scanner/", "tools/arpasim/", "bench/")


def stamp_name(entry, configuration):
    command = shlex.split(entry["command"])
    if pathlib.Path(command[0]).name == "ccache":
        command = command[1:]
    output = command.index("-o")
    command[output:output + 2] = []
    command.remove("-c")
    text = subprocess.run(command + ["-E"], cwd=entry["directory"], stdout=subprocess.PIPE, check=True).stdout
    return hashlib.sha256(configuration + entry["file"].encode() + text).hexdigest()


def check(entry, build, stamps, configuration):
    stamp = stamps / stamp_name(entry, configuration)
    if stamp.exists():
        return None
    run = subprocess.run([TOOL, "--quiet", "-p", build, entry["file"]], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, check=False)
    if run.returncode == 0:
        stamp.touch()
        return None
    return run.stdout or run.stderr


def main():
    source, build = pathlib.Path(sys.argv[1]), sys.argv[2]
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    product = {entry["file"]: entry for entry in entries
               if os.path.relpath(entry["file"], source).startswith(PRODUCT)}
    stamps = pathlib.Path(build) / "clang_tidy"
    stamps.mkdir(exist_ok=True)
    version = subprocess.run([TOOL, "--version"], stdout=subprocess.PIPE, check=True).stdout
    configuration = version + (source / ".clang-tidy").read_bytes()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        findings = list(pool.map(lambda entry: check(entry, build, stamps, configuration), product.values()))
    for finding in filter(None, findings):
        print(finding)
    print(f"{len(product)} sources, {sum(1 for finding in findings if finding)} with findings")
    return 1 if not product or any(findings) else 0


sys.exit(main())
