# SPDX-License-Identifier: Apache-2.0
"""Documents of our own making: short ones that are sound, a long one, and files that break one rule each."""

import io
import struct
import zipfile

KINDS = ("nursing", "radiology", "case-report", "discharge-summary", "referral", "progress-note", "other")

_SIGNS = "発熱 咳嗽 倦怠感 嘔気 頭痛 下肢浮腫 皮疹 胸痛 便秘 下痢 不眠 関節痛 めまい 動悸 血尿".split()
_TURNS = "を認める なし が持続している は軽快した の訴えあり が増悪した を否定できない".split()
_DRUGS = "アセトアミノフェン ロキソプロフェン アムロジピン フロセミド セフトリアキソン オメプラゾール".split()


def note(number, random):
    """A short note, one of its kind by its number."""
    lines = [random.choice(_SIGNS) + random.choice(_TURNS) + "。" for _ in range(random.randint(1, 4))]
    dose = f"{random.choice(_DRUGS)}{random.choice((5, 20, 100, 500))}mgを{random.choice(('開始', '中止', '内服'))}。"
    return f"記録{number}：" + "".join(lines) + dose


def long_text(characters, number, random):
    """A text of exactly so many characters."""
    text = f"経過{number}。"
    while len(text) < characters:
        text += note(number, random) + ("\n" if random.random() < 0.3 else "")
    return text[:characters - 1] + "。"


def _workbook_bomb(random):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f"<workbook n='{random.random()}'/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (300 << 20))
    return file.getvalue()


def _noise(random):
    return random.randbytes(random.randint(200, 4000)) + b"\0"


def _words(random):
    return note(random.randrange(10 ** 9), random)


def _lines(random, *last):
    good = [f'{{"id":"{random.randrange(10 ** 12)}","text":"{_words(random)}"}}' for _ in range(2)]
    return "\n".join([*good, *last]).encode() + b"\n"


# What no document comes of: how the name ends, the bytes, the codes that are right for it.
BROKEN = {
    "white space": (".txt", lambda r: (" \n\t　" * r.randint(1, 5000)).encode(), {"empty"}),
    "noise": (".txt", _noise, {"binary", "unsupported-format"}),
    "a NUL within": (".txt", lambda r: _words(r).encode() + b"\0" + _words(r).encode(), {"binary"}),
    "UTF-8 with bad bytes": (".txt", lambda r: _words(r).encode() + b"\xff\xfe\xfd" + _words(r).encode(),
                             {"undecodable", "binary"}),
    "UTF-8 cut within a character": (".txt", lambda r: _words(r).encode() + "熱".encode()[:2], {"undecodable"}),
    "CP932 cut within a character": (".txt", lambda r: (_words(r) * 3).encode("cp932") + b"\x94",
                                     {"undecodable", "ambiguous-encoding"}),
    "ISO-2022-JP with half a character": (".txt", lambda r: _words(r).encode("iso2022_jp") + b"\x1b$B$",
                                          {"undecodable"}),
    "UTF-16 of an odd length": (".txt", lambda r: b"\xff\xfe" + _words(r).encode("utf-16-le") + b"\x42",
                                {"undecodable", "binary"}),
    "larger than may be": (".txt", lambda r: _words(r).encode() * 400_000, {"too-large"}),
    "longer than may be": (".txt", lambda r: long_text(500_001, r.randrange(10 ** 9), r).encode(), {"too-large"}),
    "an archive": (".zip", lambda r: b"PK\x03\x04" + _noise(r), {"unsupported-format", "malformed"}),
    "a picture": (".txt", lambda r: b"\x89PNG\r\n\x1a\n" + _noise(r), {"unsupported-format"}),
    "a program": (".txt", lambda r: b"\x7fELF\x02\x01\x01" + _noise(r), {"unsupported-format", "binary"}),
    "gzip": (".txt.gz", lambda r: b"\x1f\x8b\x08\0" + _noise(r), {"unsupported-format"}),
    "JSON that is nothing we know": (".json", lambda r: f'{{"a": {r.random()}}}'.encode(), {"unsupported-format"}),
    "JSON Lines without a good line": (".jsonl", lambda r: f'{{"id": "{r.random()}", "text": "'.encode(),
                                       {"malformed-json"}),
    "JSON Lines of another type": (".jsonl", lambda r: f'{{"id":"{r.random()}","text":["x"]}}'.encode(),
                                   {"wrong-type"}),
    "JSON Lines with a name twice": (".jsonl", lambda r: f'{{"id":"1","id":"{r.random()}","text":"発熱"}}'.encode(),
                                     {"repeated-field"}),
    "JSON Lines of an unknown kind": (".jsonl", lambda r: f'{{"id":"{r.random()}","kind":"x","text":"発熱"}}'.encode(),
                                      {"unknown-kind"}),
    "JSON Lines nested deep": (".jsonl", lambda r: f'{{"id":"{r.random()}","text":"a","x":'.encode()
                               + b"[" * 100_000 + b"]" * 100_000 + b"}", {"malformed-json"}),
    "HL7 without segments": (".hl7", lambda r: f"MSH|^~\\&|A|B|C|D|2026||ORU^R01|{r.random()}".encode(), None),
    "CDA with entities": (".xml", lambda r: (f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "{r.random()}">]>'
                                             '<ClinicalDocument xmlns="urn:hl7-org:v3">&a;</ClinicalDocument>').encode(),
                          None),
    "FHIR cut off": (".json", lambda r: f'{{"resourceType":"DiagnosticReport","id":"{r.random()}","text":{{'.encode(),
                     None),
    "DICOM cut off": (".dcm", lambda r: b"\0" * 128 + b"DICM" + struct.pack("<HH", 2, 0) + b"UL" + r.randbytes(3), None),
    "a workbook that unpacks to 300 MB": (".xlsx", _workbook_bomb, None),
    "RTF nested deep": (".rtf", lambda r: b"{\\rtf1 " + b"{" * 200_000 + str(r.random()).encode(), None),
    "PDF without pages": (".pdf", lambda r: b"%PDF-1.4\n" + r.randbytes(300), None),
}

# Odd, and yet documents: how the name ends, the bytes.
SOUND = {
    "CP932": (".txt", lambda r: (_words(r) + "なお、全身状態は良好であり、経過観察とする。").encode("cp932")),
    "ISO-2022-JP": (".txt", lambda r: _words(r).encode("iso2022_jp")),
    "UTF-16 with its mark": (".txt", lambda r: _words(r).encode("utf-16")),
    "UTF-8 with its mark": (".txt", lambda r: b"\xef\xbb\xbf" + _words(r).encode()),
    "NUL bytes behind": (".txt", lambda r: _words(r).encode() + b"\0" * r.randint(1, 600)),
    "what a browser would run": (".txt", lambda r: f"発熱<script>alert({r.random()})</script>あり。".encode()),
    "what SQL would run": (".txt", lambda r: f"発熱'); DROP TABLE documents; -- {r.random()}".encode()),
    "writing from right to left": (".txt", lambda r: f"発熱\u202eあり\u202c {r.random()}".encode()),
    "ten thousand line breaks": (".txt", lambda r: b"\n" * 10_000 + _words(r).encode()),
    "one character, again and again": (".txt", lambda r: ("肺" * 3000 + str(r.random())).encode()),
    "combining marks": (".txt", lambda r: ("か" + "\u3099" * 2000 + str(r.random())).encode()),
    "two JSON Lines": (".jsonl", lambda r: _lines(r)),
}

# Names that a careless program would stumble over; {} stands for something of its own.
NAMES = {
    "bytes that are no UTF-8": b"\xff\xfe{}\x80.txt",
    "the longest that may be": None,
    "an option": b"-rf{}",
    "an option with a value": b"--config={}.txt",
    "a percent sign": b"%s%n%x{}.txt",
    "from right to left": "\u202e{}txt.exe".encode(),
    "a path": b"C:\\..\\{}.txt",
    "two dots": b"{}..txt",
    "no ending": b"{}",
    "a space at each end": b" {} ",
    "a command": b"$(reboot){}`reboot`.txt",
    "a statement of SQL": b"';DROP TABLE files;--{}.txt",
    "that of a claim": b"1790000000123-k3j9x2a0.k00c0a.nursing.{}.txt",
    "a voicing mark of its own": "か\u3099{}.txt".encode(),
    "a character outside the first plane": "\U00020bb7野{}🤒.txt".encode(),
    "quotation marks": b"\"'{}'\".txt",
}
