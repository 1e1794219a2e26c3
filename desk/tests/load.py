#!/usr/bin/env python3
"""What the desk's pages cost: processor time of the server per request, page by page; weight; memory; requests a second.

    python3 desk/tests/load.py LEDGER [--dateline target/release/dateline] [--rounds 40] [--adding FILE.jsonl]

Serves LEDGER on a free port of this machine and asks every page, table and answer of the API in turn, ROUNDS times each, each time for another
dispatch, incident, accord or actor where the address names one. Before and after each request it reads the server's processor clock (nanoseconds, all
threads, of that process alone), so other programs' work does not count. With --adding, `dateline add --threads 1 FILE` writes to the ledger at the same
time: give a copy. At the end `wrk`, where it is installed, asks for one incident page with eight connections for ten seconds.

Ends with 1 when a page's 95th percentile is above 30 ms, the first page heavier than 60 kB, or memory above 300 MB.
Needs Linux and Python 3.9 or later; nothing else.
"""

import argparse, gzip, http.client, json, os, random, re, shutil, subprocess, sys, threading, time, urllib.parse

parser = argparse.ArgumentParser()
parser.add_argument("ledger")
parser.add_argument("--dateline", default="target/release/dateline")
parser.add_argument("--rounds", type=int, default=40)
parser.add_argument("--adding", help="a file that is filed with `add --threads 1` meanwhile")
parser.add_argument("--only", default="", help="only addresses that hold these letters")
parser.add_argument("--worst", type=int, default=0, help="show the slowest addresses of each page")
args = parser.parse_args()

CPU_MS, FIRST_PAGE, MEMORY_MB = 30.0, 60_000, 300.0
server = subprocess.Popen(
    [args.dateline, "serve", "--ledger", args.ledger, "--listen", "127.0.0.1:0", "--quiet"], stderr=subprocess.PIPE, text=True
)
said = ""
while (found := re.search(r"http://127\.0\.0\.1:(\d+)", said)) is None:
    line = server.stderr.readline()
    if not line:
        sys.exit(f"the desk did not start: {said}")
    said += line
port = int(found.group(1))
clock = (~server.pid << 3) | 2  # the processor clock of another process: clock_getcpuclockid(3)
link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)


def ask(path):
    """Milliseconds of processor time, status, bytes as sent, bytes unpacked."""
    before = time.clock_gettime_ns(clock)
    link.request("GET", path, headers={"accept-encoding": "gzip"})
    answer = link.getresponse()
    body = answer.read()
    cost = (time.clock_gettime_ns(clock) - before) / 1e6
    whole = gzip.decompress(body) if answer.getheader("content-encoding") == "gzip" else body
    return cost, answer.status, len(body), whole


def rows(path):
    status, whole = ask("/api/v1" + path)[1::2]
    assert status == 200, (path, status, whole[:300])
    return json.loads(whole)


def sample(path, name, pages=3):
    """Names of items, from the first pages of a list in both orders."""
    names = []
    for order in ("", "&order=latest"):
        cursor = ""
        for _ in range(pages):
            answer = rows(f"{path}?limit=50{order}{cursor}")
            names += [urllib.parse.quote(name(row), safe="") for row in answer["rows"]]
            if not answer["next"]:
                break
            cursor = "&cursor=" + urllib.parse.quote(answer["next"])
    random.Random(1).shuffle(names)
    return names or ["none"]


dispatches = sample("/dispatches", lambda r: f"{r['namespace']}:{r['id']}")
incidents = sample("/incidents", lambda r: r["id"])
accords = sample("/accords", lambda r: r["id"])
actors = sample("/actors", lambda r: r["id"])
# The heaviest of each kind are asked too: those told most often, those who speak most.
heavy = sorted(rows("/incidents?disputed=1&limit=200")["rows"], key=lambda r: -r["sources"])
incidents = [r["id"] for r in heavy[:10]] + incidents
actors = [urllib.parse.quote(r["id"], safe="") for r in rows("/actors?limit=10")["rows"]] + actors
outlets = [urllib.parse.quote(o["value"], safe="") for o in rows("/outlets")]
some = rows("/incidents?limit=200")["rows"] + rows("/incidents?limit=200&order=latest")["rows"]
places = [urllib.parse.quote(p, safe="") for p in sorted({r["place"] for r in some if r["place"]})]
kinds = sorted({r["type"] for r in some})
days = sorted({r["date_start"] for r in some if r["date_start"]})
names = [urllib.parse.quote(r["name"], safe="") for r in rows("/actors?limit=50")["rows"]]
words = ["raid", "killed", "monitors", "ceasefire", "%22people+killed%22", "shelling+market", "convoy", "army+denied", "zzz"]
pick = random.Random(7)
of = lambda them: them[pick.randrange(len(them))] if them else "none"
month = lambda: (lambda d: f"since={d[:7]}-01&until={d[:7]}-28")(of(days) if days else "2016-09-01")


def cursor_of(path):
    """A page in the middle of a list."""
    at = ""
    for _ in range(3):
        answer = rows(f"{path}?limit=50{at}")
        if not answer["next"]:
            break
        at = "&cursor=" + urllib.parse.quote(answer["next"])
    return at.removeprefix("&")


middle = {path: cursor_of(path) for path in ("/dispatches", "/incidents", "/accords", "/actors", "/statements", "/disputes")}
PAGES = {
    "/": lambda: "/",
    "/?text=": lambda: f"/?text={of(words)}",
    "/?outlet=": lambda: f"/?outlet={of(outlets)}",
    "/?place=": lambda: f"/?place={of(places)}",
    "/?actor=": lambda: f"/?actor={of(names)}",
    "/?kind=": lambda: f"/?kind={of(kinds)}",
    "/?disputed=1": lambda: "/?disputed=1",
    "/?incident=1": lambda: "/?incident=1",
    "/?accord=1": lambda: "/?accord=1",
    "/?since=&until=": lambda: f"/?{month()}",
    "/?cursor=": lambda: f"/?{middle['/dispatches']}",
    "/?text=&place=": lambda: f"/?text={of(words)}&place={of(places)}",
    "/news.atom": lambda: f"/news.atom?outlet={of(outlets)}",
    "/add": lambda: "/add",
    "/dispatches/ID": lambda: f"/dispatches/{of(dispatches)}",
    "/dispatches/ID?words=": lambda: f"/dispatches/{of(dispatches)}?words=10-40",
    "/dispatches/ID/record.json": lambda: f"/dispatches/{of(dispatches)}/record.json",
    "/dispatches/ID/…/original": lambda: f"/dispatches/{of(dispatches)}/versions/1/original",
    "/incidents": lambda: "/incidents",
    "/incidents?order=latest": lambda: "/incidents?order=latest",
    "/incidents?place=": lambda: f"/incidents?place={of(places)}",
    "/incidents?actor=": lambda: f"/incidents?actor={of(names)}",
    "/incidents?kind=": lambda: f"/incidents?kind={of(kinds)}",
    "/incidents?outlet=": lambda: f"/incidents?outlet={of(outlets)}",
    "/incidents?text=": lambda: f"/incidents?text={of(words)}",
    "/incidents?disputed=1": lambda: "/incidents?disputed=1",
    "/incidents?cursor=": lambda: f"/incidents?{middle['/incidents']}",
    "/incidents?view=map": lambda: f"/incidents?view=map&{pick.choice([month(), 'place=' + of(places), 'kind=' + of(kinds), ''])}",
    "/incidents?view=timeline": lambda: f"/incidents?view=timeline&{pick.choice([month(), 'place=' + of(places), 'kind=' + of(kinds), ''])}",
    "/incidents/ID": lambda: f"/incidents/{of(incidents)}",
    "/incidents/ID (most told)": lambda: f"/incidents/{of(incidents[:10])}",
    "/incidents/ID?explain=1": lambda: f"/incidents/{of(incidents)}?explain=1",
    "/incidents/ID/matrix.csv": lambda: f"/incidents/{of(incidents)}/matrix.csv",
    "/accords": lambda: "/accords",
    "/accords?actor=": lambda: f"/accords?actor={of(names)}",
    "/accords?cursor=": lambda: f"/accords?{middle['/accords']}",
    "/accords/ID": lambda: f"/accords/{of(accords)}",
    "/accords/ID/claims.csv": lambda: f"/accords/{of(accords)}/claims.csv",
    "/actors": lambda: "/actors",
    "/actors?actor=": lambda: f"/actors?actor={of(names)}",
    "/actors?cursor=": lambda: f"/actors?{middle['/actors']}",
    "/actors/ID": lambda: f"/actors/{of(actors)}",
    "/actors/ID (speak most)": lambda: f"/actors/{of(actors[:10])}",
    "/actors/ID/accusations.csv": lambda: f"/actors/{of(actors)}/accusations.csv",
    "/review": lambda: "/review",
    "/review?id=": lambda: f"/review?id={of(incidents)}",
    "/review/log": lambda: "/review/log",
    "/review/agreement": lambda: "/review/agreement",
    "/report?since=&until=": lambda: f"/report?{month()}&place={of(places)}",
    "/report?since=&until= (a month)": lambda: f"/report?{month()}",
    "/report": lambda: "/report",  # says how many incidents it would tell of
    "/export": lambda: f"/export?place={of(places)}",
    "/sources": lambda: "/sources",
    "/help": lambda: "/help",
    "/help/api": lambda: "/help/api",
    "/api/v1/openapi.json": lambda: "/api/v1/openapi.json",
    "/api/v1/dispatches": lambda: f"/api/v1/dispatches?text={of(words)}",
    "/api/v1/dispatches/ID": lambda: f"/api/v1/dispatches/{of(dispatches)}",
    "/api/v1/dispatches/ID/record": lambda: f"/api/v1/dispatches/{of(dispatches)}/record",
    "/api/v1/statements": lambda: f"/api/v1/statements?{pick.choice(['text=' + of(words), 'actor=' + of(names), 'outlet=' + of(outlets), month()])}",
    "/api/v1/incidents": lambda: f"/api/v1/incidents?{pick.choice(['place=' + of(places), 'kind=' + of(kinds), month()])}",
    "/api/v1/incidents/ID": lambda: f"/api/v1/incidents/{of(incidents)}",
    "/api/v1/accords": lambda: f"/api/v1/accords?{middle['/accords']}",
    "/api/v1/accords/ID": lambda: f"/api/v1/accords/{of(accords)}",
    "/api/v1/disputes": lambda: f"/api/v1/disputes?{pick.choice(['place=' + of(places), middle['/disputes'], month()])}",
    "/api/v1/actors": lambda: "/api/v1/actors",
    "/api/v1/actors/ID": lambda: f"/api/v1/actors/{of(actors)}",
    "/api/v1/outlets": lambda: "/api/v1/outlets",
    "/assets/desk.css": lambda: "/assets/desk.css",
}
# Files to be kept, not pages: shown, but the 30 ms are not asked of them.
FILES = {
    "/dispatches.csv": lambda: "/dispatches.csv",
    "/incidents.csv": lambda: f"/incidents.csv?{month()}",
    "/accords.csv": lambda: "/accords.csv",
    "/actors.csv": lambda: "/actors.csv",
}


def memory():
    status = open(f"/proc/{server.pid}/status").read()
    return [int(re.search(rf"{key}:\s+(\d+) kB", status).group(1)) / 1024 for key in ("RssAnon", "VmRSS", "VmHWM")]


adding = None
if args.adding:
    adding = subprocess.Popen([args.dateline, "add", "--threads", "1", "--ledger", args.ledger, args.adding], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
bad, peak, added_to = [], 0.0, 0
print(f"{'page':34} {'p50 ms':>8} {'p95 ms':>8} {'most':>8} {'kB':>7}  of processor time of the server; kB as sent, the heaviest")
for group in (PAGES, FILES):
    for page, address in group.items():
        if args.only not in page:
            continue
        costs, weight, seen = [], 0, []
        rounds = args.rounds if group is PAGES else 5
        for _ in range(rounds):
            path = address()
            cost, status, size, whole = ask(path)
            if status >= 500 or (status != 200 and "ID" not in page):
                bad.append(f"{path} answers {status}: {whole[:200]!r}")
            costs.append(cost)
            seen.append((cost, path))
            weight = max(weight, size)
        costs.sort()
        p95 = costs[min(len(costs) - 1, int(len(costs) * 0.95))]
        if group is PAGES and p95 > CPU_MS:
            bad.append(f"{page}: p95 {p95:.1f} ms")
        if page == "/" and weight > FIRST_PAGE:
            bad.append(f"the first page has {weight} bytes")
        if adding and adding.poll() is None:
            added_to += 1
        peak = max(peak, memory()[0])
        print(f"{page:34} {costs[len(costs) // 2]:8.1f} {p95:8.1f} {costs[-1]:8.1f} {weight / 1000:7.1f}{'' if p95 <= CPU_MS or group is FILES else '  <<<'}", flush=True)
        for cost, path in sorted(seen, reverse=True)[: args.worst]:
            print(f"    {cost:8.1f}  {path}")
if not args.only:
    # Eight at a time, every page mixed: what memory is needed when all readers of the ledger are at work.
    def asker(seed):
        chance, line = random.Random(seed), http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for _ in range(25):
            line.request("GET", addresses[chance.randrange(len(addresses))], headers={"accept-encoding": "gzip"})
            line.getresponse().read()

    addresses = [address() for address in list(PAGES.values()) * 5]
    askers = [threading.Thread(target=asker, args=(seed,)) for seed in range(8)]
    begin = time.monotonic()
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    print(f"all pages mixed, 8 at a time: {8 * 25 / (time.monotonic() - begin):.0f} requests/s (load of the machine {os.getloadavg()[0]:.1f})")
if adding:
    print(f"`add --threads 1` ran during {added_to} of {len(PAGES) + len(FILES)} rows" + ("" if adding.poll() is None else ", then had filed everything"))
    adding.terminate()
    adding.wait()
anon, resident, high = memory()
print(f"memory: {anon:.0f} MB of its own ({peak:.0f} at most), {resident:.0f} MB with pages of files mapped ({high:.0f} at most)")
if high > MEMORY_MB:
    bad.append(f"memory reached {high:.0f} MB")
if shutil.which("wrk") and not args.only:
    told = subprocess.run(["wrk", "-t1", "-c8", "-d10s", f"http://127.0.0.1:{port}/incidents/{incidents[-1]}"], capture_output=True, text=True).stdout
    print("wrk, one incident page, 8 connections, 10 s:", re.search(r"Requests/sec:.*", told).group(0), f"(load of the machine {os.getloadavg()[0]:.1f})")
server.terminate()
if server.wait(30) != 0:
    bad.append("the desk did not stop with 0")
print("\n".join(bad) if bad else "all within bounds")
sys.exit(1 if bad else 0)
