"""Reads every export of the example ledger with programs that are not ours, and checks what they find.

Run by readers.sh, which installs the readers. Exit status 1 when a format does not hold, with each finding on a line.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import geojson
import icalendar
import jsonschema
import openpyxl
import pandas
from pyld import jsonld

DATELINE, ROOT = sys.argv[1], Path(sys.argv[2])
FAILED = []


def run(*args, data=None):
    done = subprocess.run([DATELINE, *args], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"dateline {' '.join(map(str, args))}: {done.stderr.decode()}")
    return done.stdout


def export(name, *more):
    return run("export", name, "--ledger", LEDGER, *more)


def proof(reader):
    """A check by one reader: an exception is a finding."""

    def decorate(check):
        try:
            told = check()
        except Exception as error:  # every failure of a reader is a finding of this script
            FAILED.append(check.__name__)
            print(f"FAILED  {check.__name__:14} {reader}: {type(error).__name__}: {error}")
        else:
            print(f"ok      {check.__name__:14} {reader}: {told}")
        return check

    return decorate


def columns(name, file):
    """The columns that the format's own source file lists, so that a reader sees the same."""
    text = (ROOT / "export/src/formats" / file).read_text()
    block = re.search(r"COLUMNS: \[&str; (\d+)\] = \[(.*?)\];", text, re.S)
    names = re.findall(r'"([^"]+)"', block.group(2))
    assert len(names) == int(block.group(1))
    return names


folder = tempfile.TemporaryDirectory()
LEDGER = os.path.join(folder.name, "ledger.db")
run("add", "--ledger", LEDGER, "--from", "jsonl", "--outlet", "wire", str(ROOT / "examples/september-2016.jsonl"))


def decided():
    """Decisions of every kind, so that all that follows is proved with them."""

    def decide(*args, who="Amal"):
        run("review", *args, "--as", who, "--why", "read again", "--ledger", LEDGER)

    found = json.loads(run("incidents", "--ledger", LEDGER, "--to", "json"))
    several = next(i for i in found if len(i["accounts"]) > 2)
    alone = [i for i in found if len(i["accounts"]) == 1 and i["modality"] == "asserted" and i["date_start"]]
    one, other = next((a, b) for a in alone for b in alone if a["id"] < b["id"] and a["place"] == b["place"] and a["type"] == b["type"])
    rest = [i for i in alone if i["id"] not in (one["id"], other["id"])]
    statements = pandas.read_csv(io.BytesIO(export("csv", "--table", "statements")), keep_default_na=False)
    about = statements[statements.about != ""]
    ids = [f"{s.namespace}:{s.dispatch}#{s.statement}" for s in about.itertuples()]
    figures = pandas.read_csv(io.BytesIO(export("csv", "--table", "figures")), keep_default_na=False)
    figure = figures[figures.account_id == several["accounts"][0]["id"]].iloc[0]
    decide("accept", rest[0]["id"])
    decide("accept", ids[0])
    decide("reject", ids[1])
    decide("edit", ids[2], "speaker=the deputy governor")
    decide("edit", f"{figure.account_id}.{figure['item']}", "number=64")
    decide("merge", one["id"], other["id"])
    decide("not-same", rest[1]["id"], rest[2]["id"], who="Basma")
    decide("split", several["id"], several["accounts"][-1]["id"], who="Basma")
    decide("note", ids[3], "verdict: not supported. The logs were not shown.", who="Basma")
    decide("note", ids[0], "ask again")
    decide("add", "wire:hc-0919-1", "incident", "--words", "18 of 31 trucks", "type=other_violence", "modality=asserted")
    decide("reject", rest[3]["id"])
    run("undo", "--as", "Amal", "--ledger", LEDGER)
    run("redact", "wire:mw-0920-1", "--words", "Omar Barakat", "--everywhere", "--yes", "--as", "Amal", "--why", "asked for", "--ledger", LEDGER)


decided()
INCIDENTS = json.loads(run("incidents", "--ledger", LEDGER, "--to", "json"))
DISPATCHES = json.loads(run("dispatches", "--ledger", LEDGER, "--to", "json"))
INCIDENTS = INCIDENTS if isinstance(INCIDENTS, list) else INCIDENTS["items"]
DISPATCHES = DISPATCHES if isinstance(DISPATCHES, list) else DISPATCHES["items"]
TOLD = [i for i in INCIDENTS if i["modality"] == "asserted"]
DATED = [i for i in TOLD if i["date_start"]]


@proof("pandas")
def acled():
    table = pandas.read_csv(io.BytesIO(export("acled")), dtype=str, keep_default_na=False)
    assert list(table.columns) == columns("acled", "acled.rs")
    assert len(table) == len(DATED) > 0, (len(table), len(DATED))
    assert table.event_id_cnty.is_unique
    assert pandas.to_datetime(table.event_date, format="%Y-%m-%d").dt.year.astype(str).equals(table.year)
    by_id = {i["id"]: i for i in DATED}
    for row in table.itertuples():
        incident = by_id[row.event_id_cnty[3:] if row.event_id_cnty[:3].isupper() else row.event_id_cnty]
        if incident["killed_low"] is not None:
            assert int(row.fatalities) == incident["killed_low"], row.event_id_cnty
        if "perpetrator" in incident["disputed"]:
            named = row.actor1.startswith(("Unidentified", "Protesters", "Rioters"))
            assert named, f"{row.event_id_cnty} names {row.actor1}, which is contested"
        assert row.interaction == "" or len(row.interaction) == 2
    return f"{len(table)} events"


@proof("pandas")
def ucdp():
    table = pandas.read_csv(io.BytesIO(export("ucdp")), keep_default_na=False)
    assert list(table.columns) == columns("ucdp", "ucdp.rs")
    assert len(table) > 0 and (table.low <= table.best).all() and (table.best <= table.high).all()
    assert (table.high >= 1).all()
    parts = table.deaths_a + table.deaths_b + table.deaths_civilians + table.deaths_unknown
    assert (parts == table.best).all()
    located = table[table.geom_wkt != ""]
    assert located.geom_wkt.str.fullmatch(r"POINT \(-?[\d.]+ -?[\d.]+\)").all()
    return f"{len(table)} deadly events"


GDELT_IDS = set()


@proof("pandas")
def gdelt():
    table = pandas.read_csv(io.BytesIO(export("gdelt")), sep="\t", header=None, dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
    assert table.shape[1] == 61, table.shape
    assert table[0].is_unique and table[0].str.isdigit().all()
    assert table[1].str.fullmatch(r"\d{8}").all()
    assert table[29].isin(list("1234")).all()
    pandas.to_numeric(table[30])
    GDELT_IDS.update(table[0])
    return f"{len(table)} events, of them {(table[28] == '11').sum()} accusations"


@proof("pandas")
def gdelt_mentions():
    table = pandas.read_csv(io.BytesIO(export("gdelt-mentions")), sep="\t", header=None, dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
    assert table.shape[1] == 16, table.shape
    assert set(table[0]) == GDELT_IDS, "a mention without its event, or an event without a mention"
    return f"{len(table)} mentions"


@proof("pandas")
def polecat():
    table = pandas.read_csv(io.BytesIO(export("polecat")), sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
    assert list(table.columns) == columns("polecat", "polecat.rs")
    assert table["Event ID"].is_unique and table["Event Type"].str.fullmatch("[A-Z]+").all()
    return f"{len(table)} events"


@proof("geojson")
def geojson_map():
    collection = geojson.loads(export("geojson"))
    assert collection.is_valid, collection.errors()
    assert len(collection["features"]) == len(INCIDENTS)
    for feature in collection["features"]:
        if feature["geometry"]:
            lon, lat = feature["geometry"]["coordinates"]
            incident = next(i for i in INCIDENTS if i["id"] == feature["id"])
            assert (lon, lat) == (incident["lon"], incident["lat"]), "longitude comes first"
    located = sum(f["geometry"] is not None for f in collection["features"])
    return f"{len(collection['features'])} features, {located} located"


@proof("icalendar")
def ics():
    raw = export("ics")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    calendar = icalendar.Calendar.from_ical(raw)
    events = [e for e in calendar.walk("VEVENT")]
    assert not calendar.errors and len(events) == len(DATED), (len(events), len(DATED))
    disputed = {i["id"] for i in DATED if i["disputed"]}
    for event in events:
        assert event.decoded("dtend") > event.decoded("dtstart"), "the end is exclusive"
        tentative = str(event["uid"]).split("@")[0] in disputed
        assert str(event["status"]) == ("TENTATIVE" if tentative else "CONFIRMED")
    return f"{len(events)} events, {len(disputed)} tentative"


# A small context of our own: the W3C's and schema.org's are theirs to serve, and a proof must not need the network. It names
# the terms that the export uses; a term that it does not name is dropped by the expansion and so found missing here.
OA, AS = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#"
ANNO = {
    "id": "@id", "type": "@type", "oa": OA, "as": AS, "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{t: f"oa:{t}" for t in ["Annotation", "SpecificResource", "TextualBody", "TextPositionSelector", "TextQuoteSelector",
                              "identifying", "classifying", "linking", "assessing"]},
    "AnnotationPage": "as:OrderedCollectionPage",
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"}, "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "body": {"@id": "oa:hasBody", "@type": "@id"}, "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"}, "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"}, "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "exact": "oa:exact", "prefix": "oa:prefix", "suffix": "oa:suffix", "value": "rdf:value", "format": "dc:format",
}
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": ANNO,
    "https://schema.org": {"@vocab": "https://schema.org/"},
}


def loader(url, options=None):
    if url not in CONTEXTS:
        raise AssertionError(f"the context {url} is not one that the format names")
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXTS[url]}}


@proof("pyld")
def webannotation():
    page = json.loads(export("webannotation"))
    texts = {d["id"]: d for d in map(json.loads, export("jsonl").splitlines()) if "dispatch" in d}
    [expanded] = jsonld.expand(page, {"documentLoader": loader})
    items = expanded[AS + "items"][0]["@list"]
    assert len(items) == len(page["items"]) > 100
    motivations = {m["@id"] for i in items for m in i[OA + "motivatedBy"]}
    assert motivations == {OA + m for m in ["identifying", "classifying", "linking", "assessing"]}, motivations
    for item in items:
        assert item["@id"].startswith("urn:dateline:") and item[OA + "hasBody"], item
        [target] = item[OA + "hasTarget"]
        position, quote = target[OA + "hasSelector"]
        start, end = position[OA + "start"][0]["@value"], position[OA + "end"][0]["@value"]
        source = target[OA + "hasSource"][0]["@id"].rsplit(":", 1)[-1]
        text = texts[source]["dispatch"]["text"]
        exact = quote[OA + "exact"][0]["@value"]
        assert text[start:end] == exact, f"{exact!r} is not at {start}..{end} of {source}"
        assert text[:start].endswith(quote[OA + "prefix"][0]["@value"])
        assert text[end:].startswith(quote[OA + "suffix"][0]["@value"])
    return f"{len(items)} annotations, each at its words"


@proof("pyld")
def claimreview():
    expanded = jsonld.expand(json.loads(export("claimreview")), {"documentLoader": loader})
    claims = [n for n in expanded if "https://schema.org/Claim" in n["@type"]]
    reviews = [n for n in expanded if "https://schema.org/ClaimReview" in n["@type"]]
    assert len(claims) + len(reviews) == len(expanded) and claims
    for claim in claims:
        assert claim["https://schema.org/author"] and claim["https://schema.org/text"] and claim["https://schema.org/appearance"]
    # One person gave one verdict; to accept another statement's reading was none.
    [review] = reviews
    [rating] = review["https://schema.org/reviewRating"]
    assert rating["https://schema.org/alternateName"][0]["@value"] == "not supported" and "https://schema.org/ratingValue" not in rating
    assert review["https://schema.org/author"][0]["https://schema.org/name"][0]["@value"] == "Basma"
    assert review["https://schema.org/itemReviewed"][0]["@type"] == ["https://schema.org/Claim"]
    return f"{len(claims)} claims, {len(reviews)} review: the one verdict that a person gave"


@proof("jsonschema")
def ninjs():
    schema = ROOT.parent / "shared/corpora/iptc-ninjs/specification/ninjs-schema_3.1.json"
    items = [json.loads(line) for line in export("ninjs").splitlines()]
    assert len(items) == len(DISPATCHES) > 0
    if not schema.exists():
        return f"{len(items)} items; skipped the schema: {schema} is not here"
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text()), format_checker=jsonschema.FormatChecker())
    wrong = dict(items[0], pubStatus="perhaps")
    assert list(validator.iter_errors(wrong)), "the schema lets anything pass"
    for item in items:
        errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(item)]
        assert not errors, (item["uri"], errors[:3])
    return f"{len(items)} items valid against ninjs 3.1"


@proof("json")
def timelinejs():
    events = json.loads(export("timelinejs"))["events"]
    assert len(events) >= len(DATED) and len({e["unique_id"] for e in events}) == len(events)
    for event in events:
        date = event["start_date"]
        assert date["display_text"] == f"{date['year']:04}-{date['month']:02}-{date['day']:02}"
        assert event["text"]["headline"] and "<" not in event["text"]["text"]
    return f"{len(events)} events"


@proof("libhxl")
def hxl():
    try:
        import hxl as library
    except ImportError:
        rows = list(csv.reader(io.StringIO(export("hxl").decode())))
        assert all(tag.startswith("#") for tag in rows[1])
        return "skipped: libhxl is not installed; the row of tags was looked at"
    path = os.path.join(folder.name, "hxl.csv")
    Path(path).write_bytes(export("hxl"))
    source = library.data(path, library.InputOptions(allow_local=True))
    tags = "#date+start #date+end #country+name #country+code #adm1+name #loc+name #geo+lat #geo+lon #group+name+first #group+name+second " \
        "#affected+killed #affected+injured #event+type #meta+source #description"
    assert [set(c.display_tag.split("+")) for c in source.columns] == [set(t.split("+")) for t in tags.split()]
    rows = list(source)
    assert len(rows) == len(TOLD)
    numbers = [r.get("#affected+killed") for r in rows if r.get("#affected+killed")]
    assert numbers and all(n.isdigit() for n in numbers)
    return f"{len(rows)} rows"


TABLES = ["incidents", "accounts", "figures", "responsibility", "claims", "disputes", "accords", "status_claims", "dispatches", "statements"]
ROWS = {}


@proof("pandas")
def csv_tables():
    for table in TABLES:
        frame = pandas.read_csv(io.BytesIO(export("csv", "--table", table)), keep_default_na=False, na_values=[""])
        ROWS[table] = frame
    assert len(ROWS["incidents"]) == len(INCIDENTS)
    assert set(ROWS["figures"].incident_id) <= set(ROWS["incidents"].id)
    assert len(ROWS["dispatches"]) == len(DISPATCHES)
    texts = dict(zip(ROWS["dispatches"].id, ROWS["dispatches"].text))
    accounts = ROWS["accounts"]
    for row in accounts.itertuples():
        assert texts[row.dispatch][row.words_start : row.words_end] == row.words
    return ", ".join(f"{len(ROWS[t])} {t}" for t in TABLES)


@proof("openpyxl")
def xlsx():
    path = os.path.join(folder.name, "ledger.xlsx")
    run("export", "xlsx", "--ledger", LEDGER, "--out", path)
    book = openpyxl.load_workbook(path, read_only=False)
    assert book.sheetnames == TABLES, book.sheetnames
    for table in TABLES:
        rows = list(book[table].values)
        assert list(rows[0]) == list(ROWS[table].columns), table
        assert len(rows) - 1 == len(ROWS[table]), (table, len(rows))
    killed = [r[rows_index] for r in list(book["incidents"].values)[1:] for rows_index in [list(ROWS["incidents"].columns).index("killed_low")]]
    assert any(isinstance(n, int) for n in killed), "numbers are numbers"
    return f"{len(book.sheetnames)} sheets"


@proof("duckdb")
def parquet_in_duckdb():
    import duckdb

    path = os.path.join(folder.name, "figures.parquet")
    run("export", "parquet", "--table", "figures", "--ledger", LEDGER, "--out", path)
    [found] = duckdb.sql(f"SELECT count(*), sum(low), count(low) FROM '{path}' WHERE measure = 'killed'").fetchall()
    killed = ROWS["figures"][ROWS["figures"].measure == "killed"]
    assert found == (len(killed), int(killed.low.sum()), int(killed.low.notna().sum())), found
    return f"{found[0]} figures of the killed, as in csv"


@proof("pyarrow")
def parquet():
    import pyarrow.parquet

    for table in TABLES:
        frame = pyarrow.parquet.read_table(io.BytesIO(export("parquet", "--table", table)))
        assert frame.column_names == list(ROWS[table].columns) and frame.num_rows == len(ROWS[table]), table
        csv_rows, own = ROWS[table], frame.to_pandas()
        for column in own.columns:
            mine = ["" if pandas.isna(v) else v for v in own[column]]
            other = ["" if pandas.isna(v) else v for v in csv_rows[column]]
            same = all(str(a) == str(b) or isinstance(a, (int, float)) and abs(a - float(b)) < 1e-5 for a, b in zip(mine, other))
            assert same or column in ("text", "words", "content", "value", "headline"), (table, column)
    return f"{len(TABLES)} tables"


@proof("dateline")
def round_trip():
    copy = os.path.join(folder.name, "copy.db")
    lines = export("jsonl")
    actions = {json.loads(line)["decision"]["action"] for line in lines.splitlines() if line.startswith(b'{"decision"')}
    assert actions == {"accept", "reject", "edit", "merge", "split", "not_same", "note", "add", "undo", "redact"}, actions
    run("add", "--from", "records", "--ledger", copy, "-", data=lines)
    assert run("export", "jsonl", "--ledger", copy) == lines, "records, originals, times, decisions"
    for what in ["incidents", "accords", "disputes", "statements", "actors", "dispatches", "checks", "log"]:
        one, two = (run(what, "--ledger", ledger, "--to", "json") for ledger in (LEDGER, copy))
        assert one == two, what
    run("check", "--ledger", copy)
    return f"{len(lines.splitlines())} lines, of them decisions of {len(actions)} kinds: the same ledger"


# How many rows a reader of the format finds in what is written. None: the file is read above, by its own reader.
COUNTED = {
    "acled": lambda b: len(list(csv.reader(io.StringIO(b.decode())))) - 1,
    "ucdp": lambda b: len(list(csv.reader(io.StringIO(b.decode())))) - 1,
    "gdelt": lambda b: len(b.splitlines()),
    "gdelt-mentions": lambda b: len(b.splitlines()),
    "polecat": lambda b: len(b.splitlines()) - 1,
    "geojson": lambda b: len(geojson.loads(b)["features"]),
    "webannotation": lambda b: len(json.loads(b)["items"]),
    "claimreview": lambda b: len(json.loads(b)["@graph"]),
    "timelinejs": lambda b: len(json.loads(b)["events"]),
    "ics": lambda b: len(icalendar.Calendar.from_ical(b).walk("VEVENT")),
    "hxl": lambda b: len(list(csv.reader(io.StringIO(b.decode())))) - 2,
    "ninjs": lambda b: len(b.splitlines()),
    "csv": lambda b: len(pandas.read_csv(io.BytesIO(b))),
    "xlsx": lambda b: sum(sheet.max_row - 1 for sheet in openpyxl.load_workbook(io.BytesIO(b))),
    "jsonl": lambda b: len(b.splitlines()),
    "parquet": lambda b: parquet_rows(b),
}


def parquet_rows(written):
    import pyarrow.parquet

    return pyarrow.parquet.ParquetFile(io.BytesIO(written)).metadata.num_rows


@proof("all readers")
def dry_run():
    told = {}
    listed = subprocess.run([DATELINE, "export", "no-such-format"], capture_output=True, check=False).stderr.decode()
    formats = re.search(r"\[possible values: (.*?)\]", listed).group(1).split(", ")
    assert set(formats) == set(COUNTED), set(formats) ^ set(COUNTED)
    for name in formats:
        said = run("export", name, "--ledger", LEDGER, "--dry-run").decode().splitlines()
        done = subprocess.run([DATELINE, "export", name, "--ledger", LEDGER], capture_output=True, check=True)
        # The dry run and the message beside the written file tell the same rows and the same losses.
        assert [said[0].split(" (")[0], *said[1:]] == [done.stderr.decode().splitlines()[0].split(" (")[0], *done.stderr.decode().splitlines()[1:]], name
        rows = int(said[0].split()[1])
        assert rows == COUNTED[name](done.stdout), (name, rows, COUNTED[name](done.stdout))
        told[name] = rows
    return "rows as written: " + ", ".join(f"{name} {rows}" for name, rows in told.items())


folder.cleanup()
if FAILED:
    print(f"{len(FAILED)} formats do not hold: {', '.join(FAILED)}")
    sys.exit(1)
