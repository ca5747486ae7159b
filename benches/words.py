"""Words read, against another program's: how much of what it reads do we read, and at what processor time?

    python3 benches/words.py target/release/evidex pdf FOLDER...

Speaks the worker's protocol (src/extract/protocol.rs). Yardsticks must be installed: pdftotext, antiword, catdoc,
xls2csv, catppt, python-docx, openpyxl. Words are bags, case folded; a cell that is a number or a date is left out of
openpyxl's, since each program shows those in its own way. Files that need a password are left out.
"""

import collections
import datetime
import json
import os
import re
import resource
import statistics
import struct
import subprocess
import sys

LIMITS = {}  # the defaults
FILES_PER_WORKER = 200
SECONDS_PER_YARDSTICK = 60


class Worker:
    def __init__(self, program):
        self.program = program
        self.start()

    def start(self):
        arguments = [self.program, "__worker", json.dumps(LIMITS)]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={})
        self.files = 0
        self.answer()
        self.process.stdin.write(b"evpw" + struct.pack("<I", 0))
        self.process.stdin.flush()

    def answer(self):
        head = self.process.stdout.read(20)
        if len(head) < 20:
            raise EOFError
        return json.loads(self.process.stdout.read(struct.unpack("<Q", head[12:])[0]))

    def seconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def read(self, path):
        if self.files >= FILES_PER_WORKER:
            self.process.kill()
            self.process.wait()
            self.start()
        self.files += 1
        name, content = os.path.basename(path).encode(), open(path, "rb").read()
        before = self.seconds()
        try:
            pipe = self.process.stdin
            pipe.write(b"evrq" + struct.pack("<QQI", self.files, len(content), len(name)) + name)
            pipe.write((struct.pack("<I", len(content)) + content if content else b"") + struct.pack("<I", 0))
            pipe.flush()
            return self.answer(), self.seconds() - before
        except (EOFError, BrokenPipeError):
            self.process.wait()
            self.start()
            return {"outcome": {"unreadable": {"reason": "died"}}}, 0.0


def outcome(answer):
    found = answer["outcome"]
    if isinstance(found, str):
        return found
    return found["unreadable"]["reason"] if "unreadable" in found else next(iter(found))


def text(answer):
    found = answer["outcome"]
    return "\n".join(passage["text"] for passage in found["read"]["passages"]) if "read" in found else ""


def program(*command):
    def run(path):
        said = subprocess.run([*command, path, *(["-"] if command[0] == "pdftotext" else [])], capture_output=True, timeout=SECONDS_PER_YARDSTICK)
        return said.stdout.decode("utf-8", "replace")

    return run


def python_docx(path):
    import docx

    def blocks(part):
        yield from (paragraph.text for paragraph in part.paragraphs)
        for table in part.tables:
            cells = {id(cell._tc): cell for row in table.rows for cell in row.cells}
            for cell in cells.values():
                yield from blocks(cell)

    return "\n".join(blocks(docx.Document(path)))


def openpyxl_cells(path):
    import openpyxl

    shown = (int, float, bool, datetime.date, datetime.time, datetime.timedelta)
    sheets = (sheet for sheet in openpyxl.load_workbook(path, data_only=True).worksheets if sheet.sheet_state == "visible")
    cells = (cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None and not isinstance(cell, shown))


YARDSTICKS = {
    "pdf": [("pdftotext", program("pdftotext", "-q", "-enc", "UTF-8"))],
    "doc": [("antiword", program("antiword", "-m", "UTF-8.txt", "-w", "0")), ("catdoc", program("catdoc", "-d", "utf-8", "-w"))],
    "xls": [("xls2csv", program("xls2csv", "-d", "utf-8", "-q0"))],
    "ppt": [("catppt", program("catppt", "-d", "utf-8"))],
    "docx": [("python-docx", python_docx)],
    "xlsx": [("openpyxl", openpyxl_cells)],
}


def words(said):
    return collections.Counter(re.findall(r"\w+", said.casefold()))


def main(evidex, form, *folders):
    paths = [os.path.join(place, name) for folder in folders for place, _, names in os.walk(folder) for name in sorted(names)]
    paths = [path for path in paths if path.lower().endswith("." + form)]
    worker = Worker(evidex)
    for yardstick, read in YARDSTICKS[form]:
        outcomes, scored, found, wanted, ours, theirs = collections.Counter(), [], 0, 0, 0.0, 0.0
        for path in paths:
            answer, seconds = worker.read(path)
            outcomes[outcome(answer)] += 1
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            try:
                theirs_words = words(read(path))
            except Exception:  # the yardstick cannot read it
                continue
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            total = sum(theirs_words.values())
            if total < 5 or outcome(answer) == "encrypted":
                continue
            ours += seconds
            theirs += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            here = words(text(answer))
            both = sum(min(count, here[word]) for word, count in theirs_words.items())
            found, wanted = found + both, wanted + total
            scored.append((both / total, path))
        shares = [share for share, _ in scored]
        print(f"{form} against {yardstick}: {len(paths)} files, {dict(outcomes)}")
        print(f"  scored {len(scored)}, words {wanted}, recall {found / max(1, wanted):.4f}, median {statistics.median(shares or [0]):.4f}")
        print(f"  processor seconds: ours {ours:.1f}, theirs {theirs:.1f}")
        for share, path in sorted(scored)[:10]:
            print(f"  {share:.3f} {path}")


main(*sys.argv[1:])
