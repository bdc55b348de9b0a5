#!/usr/bin/env python3
"""The pages in docs/guide say what the programs in tests/seeds do.

Usage: guide.py PART
  guide           every block of every page stands in a program or in what it prints; every link leads
                  somewhere; every program and its result are in the table
  guide_headings  every heading of the two reference guides is in the table
  guide_itself    the first check finds one changed character of any block

Above each block a comment tells where it is from, a file of tests/seeds or a path of the project:
  <!-- seed: 25_querying_with_relations -->       the only marked part of the program (c), or lines of
                                                  what it prints (json, text)
  <!-- seed: 25_querying_with_relations find -->  the part after /* guide: find */
  <!-- seed: 13_environment.env -->               a whole file
  <!-- refuse: include-unknown -->                the wrong line of a case of tests/refuse (c), or of what
                                                  gcc says of it (text)
  <!-- run -->                                    commands that the test runs in an empty folder
  <!-- not run: REASON -->                        commands that it does not run
A table below such a comment with a seed says in `code` what the program says, line breaks aside.
"""

import functools
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

ROOT = os.environ.get("IGNIS_SOURCE") or os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
PAGES = os.path.join(ROOT, "docs/guide")
SEEDS = os.path.join(ROOT, "tests/seeds")
TABLE = os.path.join(PAGES, "README.md")
MARK = re.compile(r"^\s*/\* guide(?:: (\w+))? \*/$")
END = re.compile(r"^\s*/\* end \*/$")
SOURCE = re.compile(r"^<!-- (seed|refuse|run|not run)(?:: (.+))? -->$")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"`([^`]+)`")
NEVER_RUN = {"c", "json", "text", "env"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def plain(lines):
    """Lines without the indentation they share, and without blanks at the end of the whole."""
    return textwrap.dedent("\n".join(lines)).strip("\n")


class Block:
    def __init__(self, page, line, language, source, lines):
        self.page, self.line, self.language, self.source, self.lines = page, line, language, source, lines

    def __str__(self):
        return f"{os.path.relpath(self.page, ROOT)}:{self.line}"


def blocks_of(page):
    found, lines, before = [], read(page).splitlines(), ""
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.startswith("```"):
            start = number
            number += 1
            while number < len(lines) and lines[number] != "```":
                number += 1
            found.append(Block(page, start + 1, line[3:], before, lines[start + 1 : number]))
            before = ""
        elif line.startswith("|") and SOURCE.match(before):
            start = number
            while number + 1 < len(lines) and lines[number + 1].startswith("|"):
                number += 1
            found.append(Block(page, start + 1, "table", before, lines[start : number + 1]))
            before = ""
        elif line:
            before = line
        number += 1
    return found


def parts_of(path):
    """The marked parts of a program by name; the nameless one is ""."""
    parts, name, lines = {}, None, []
    for line in read(path).splitlines():
        mark = MARK.match(line)
        if mark or END.match(line):
            if bool(mark) == (name is not None):
                raise ValueError(f"{path}: marks that do not match, at: {line.strip()}")
            if mark:
                name, lines = mark.group(1) or "", []
                if name in parts:
                    raise ValueError(f"{path}: two parts are called {name!r}")
            else:
                parts[name], name = plain(lines), None
        elif name is not None:
            lines.append(line)
    if name is not None:
        raise ValueError(f"{path}: the part {name!r} has no end")
    return parts


def file_of(name, ending):
    path = os.path.join(ROOT if "/" in name else SEEDS, name)
    return path if os.path.isfile(path) else path + ending


def check_code(block, name, part):
    path = file_of(name, ".c")
    if not os.path.isfile(path):
        return f"there is no program {name}"
    parts = parts_of(path)
    if part is None and len(parts) != 1:
        return f"{name} has {len(parts)} marked parts, of which none is named"
    if part is not None and part not in parts:
        return f"{name} has no part {part}"
    shown = parts[part] if part is not None else next(iter(parts.values()))
    return None if plain(block.lines) == shown else f"the block is not what {name} says"


def check_printed(block, name):
    path = file_of(name, ".txt")
    if not os.path.isfile(path):
        return f"there is no program {name}"
    printed, count = read(path).splitlines(), len(block.lines)
    wanted = plain(block.lines)
    for start in range(len(printed) - count + 1):
        if wanted and plain(printed[start : start + count]) == wanted:
            return None
    return f"{name} does not print the block"


def check_cells(block, name):
    path = file_of(name, ".c")
    if not os.path.isfile(path):
        return f"there is no program {name}"
    said = "".join(read(path).split())
    for code in CODE.findall("\n".join(block.lines)):
        if "".join(code.split()) not in said:
            return f"{name} does not say {code}"
    return None


@functools.lru_cache(maxsize=None)
def refused(name):
    """The wrong line of a case of tests/refuse, and what gcc says of it; None without gcc."""
    cases = [line.split(" | ") for line in read(os.path.join(ROOT, "tests/refuse/cases.txt")).splitlines()]
    wrong = [case[4] for case in cases if case[0] == name]
    said = None
    if wrong and shutil.which("gcc"):
        script = os.path.join(ROOT, "tests/refuse/refuse.sh")
        said = subprocess.run(["sh", script, ROOT, "gcc", name], text=True, capture_output=True,
                              check=True).stdout
    return (wrong[0] if wrong else None), said


def check_refused(block, name):
    wrong, said = refused(name)
    if wrong is None:
        return f"tests/refuse has no case {name}"
    if block.language == "c":
        return None if plain(block.lines) == wrong else f"the case {name} says otherwise"
    if block.language != "text":
        return "the block is neither c nor text"
    missing = [line for line in block.lines if said is not None and line not in said]
    return f"gcc does not say: {missing[0]}" if missing else None


def check_run(block):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["sh", "-eu", "-c", "\n".join(block.lines)], cwd=folder, text=True,
                              capture_output=True, check=False)
    return None if done.returncode == 0 else f"the commands answer {done.returncode}: {done.stderr}"


def check_block(block):
    """What is wrong with a block, or None."""
    source = SOURCE.match(block.source)
    if not source:
        return "the block does not say where it is from"
    kind, rest = source.group(1), source.group(2)
    if kind == "run":
        return check_run(block)
    if kind == "not run":
        return None if rest and block.language not in NEVER_RUN else "the block is not excepted"
    name, _, part = (rest or "").partition(" ")
    if kind == "refuse":
        return check_refused(block, name)
    if block.language == "table":
        return check_cells(block, name)
    if block.language == "c":
        return check_code(block, name, part or None)
    if block.language in ("json", "text"):
        return check_printed(block, name)
    if block.language == "env":
        path = file_of(name, "")
        if not os.path.isfile(path):
            return f"there is no file {name}"
        return None if plain(block.lines) == plain(read(path).splitlines()) else f"{name} says otherwise"
    return f"a block of {block.language or 'nothing'} cannot be checked"


def pages():
    return sorted(glob.glob(os.path.join(PAGES, "*.md")))


def check_links(page):
    for link in LINK.findall(read(page)):
        if "://" not in link and not os.path.exists(os.path.join(PAGES, link)):
            yield f"{os.path.relpath(page, ROOT)}: {link} is not there"


def rows():
    """The cells of each row of the table's tables."""
    for line in read(TABLE).splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if len(cells) == 4:
                yield cells


def check_table():
    programs = {os.path.basename(path)[:-2] for path in glob.glob(os.path.join(SEEDS, "[0-9][0-9]_*.c"))}
    missing = set(programs)
    for section, _, program, result in rows():
        named = [os.path.basename(link)[:-2] for link in LINK.findall(program) if link.endswith(".c")]
        missing -= set(named)
        printed = ""
        for name in named:
            path = os.path.join(SEEDS, name + ".txt")
            printed += read(path) if os.path.isfile(path) else ""
        for text in CODE.findall(result) if named else []:
            if text not in printed:
                yield f"{section}: the result {text} is not printed by {', '.join(named)}"
    for name in sorted(missing):
        yield f"{name}: is not in the table"
    for name in sorted(programs):
        if not os.path.isfile(os.path.join(SEEDS, name + ".txt")):
            yield f"{name}: what it prints is not there"


def guide():
    count = 0
    wrong = []
    for page in pages():
        wrong += check_links(page)
        for block in blocks_of(page):
            count += 1
            problem = check_block(block)
            if problem:
                wrong.append(f"{block}: {problem}")
    wrong += check_table()
    if not wrong and not count:
        wrong.append("there is no block")
    print("\n".join(wrong) if wrong else f"{len(pages())} pages, {count} blocks")
    return 1 if wrong else 0


def headings(path):
    is_code = False
    for line in read(path).splitlines():
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code and re.match(r"#+ ", line):
            yield re.sub(r"^#+ (\d+\. )?", "", line).strip()


def guide_headings():
    shared = os.environ.get("IGNIS_SHARED") or ""
    guides = sorted(glob.glob(os.path.join(shared, "reference/*.md"))) if shared else []
    if not guides:
        print("skipped: no shared folder")
        return 77
    told = {row[0] for row in rows()}
    wanted = [(os.path.basename(path), heading) for path in guides for heading in headings(path)]
    missing = [f"{path}: {heading}" for path, heading in wanted if heading not in told]
    print("not in the table:\n" + "\n".join(missing) if missing else f"{len(wanted)} headings")
    return 1 if missing or not wanted else 0


def places_of(block, line):
    """Where a line is changed: its beginning, middle and end; of a table within what is code."""
    if block.language == "table":
        return [place for code in CODE.finditer(line) for place in (code.start(1), code.end(1) - 1)]
    return {len(line) - len(line.lstrip()), len(line) // 2, len(line) - 1} if line.strip() else ()


def guide_itself():
    """Changes one character of a line, for each line of each block that is compared."""
    changes = unseen = 0
    for page in pages():
        for block in blocks_of(page):
            source = SOURCE.match(block.source)
            if not source or source.group(1) not in ("seed", "refuse"):
                continue
            if source.group(1) == "refuse" and not shutil.which("gcc"):
                continue
            for number, line in enumerate(block.lines):
                for place in places_of(block, line):
                    changed = line[:place] + ("#" if line[place] != "#" else "%") + line[place + 1 :]
                    lines = block.lines[:number] + [changed] + block.lines[number + 1 :]
                    changes += 1
                    if not check_block(Block(page, block.line, block.language, block.source, lines)):
                        unseen += 1
                        print(f"{block}: is not found to be changed: {changed}")
    print(f"{changes} changes, {unseen} unseen")
    return 1 if unseen or not changes else 0


PARTS = {"guide": guide, "guide_headings": guide_headings, "guide_itself": guide_itself}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        sys.exit(__doc__)
    sys.exit(PARTS[sys.argv[1]]())
