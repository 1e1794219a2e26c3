#!/usr/bin/env python3
"""Lays out seeds for cargo-fuzz: files of the public corpora and our own examples, at most 4 KiB of each.

    python3 fuzz/seeds.py ../shared/corpora
    cargo +nightly fuzz run newsml -- -max_total_time=90 -max_len=4096

The targets that read text get the first paragraphs of our examples.
"""

import gzip, pathlib, sys

here = pathlib.Path(__file__).resolve().parent
corpora = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else here / "../../shared/corpora")
MOST = 4096
FOLDERS = {
    "newsml": ["iptc-newsml-g2/examples/*.xml", "superdesk-wire-fixtures/tests/io/fixtures/*.xml"],
    "nitf": ["superdesk-wire-fixtures/tests/io/fixtures/*.xml"],
    "ninjs": ["iptc-ninjs/examples/**/*.json", "superdesk-wire-fixtures/tests/io/fixtures/*.json"],
    "iptc7901": ["superdesk-wire-fixtures/tests/io/fixtures/*.t*t"],
    "email": ["superdesk-wire-fixtures/tests/io/fixtures/*email*.txt"],
    "feed": ["feedparser-tests/tests/wellformed/**/*.xml", "feedparser-tests/tests/illformed/**/*.xml"],
    "warc": ["warcio-data/test/data/*.warc"],
    "packed": ["warcio-data/test/data/*.gz"],
    "html": ["../gold/html/html/*.gz"],
    "jsonl": ["iptc-ninjs/examples/**/*.json"],
}
TEXTS = sorted((here / "../examples").rglob("*.txt")) + sorted((here / "../spec").rglob("*.md"))

for target in [path.stem for path in sorted((here / "fuzz_targets").glob("*.rs"))]:
    folder = here / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    patterns = FOLDERS.get(target, [p for all in FOLDERS.values() for p in all] if target == "auto" else [])
    files = [path for pattern in patterns for path in sorted(corpora.glob(pattern)) if path.is_file()]
    files = files[:: max(1, len(files) // 300)] or TEXTS
    for number, path in enumerate(files):
        data = path.read_bytes()
        if target == "html":
            data = gzip.decompress(data)
        # What is packed cannot be cut.
        (folder / f"seed-{number:04}").write_bytes(data if target == "packed" else data[:MOST])
    print(f"{target}: {len(files)} seeds")
