#!/usr/bin/env python3
"""Soak test of `dateline watch`: a hostile local server, kills, and a count of what arrived.

    python3 xtask/src/soak.py --minutes 30 --dateline target/release/dateline
    python3 xtask/src/soak.py --minutes 2                                       (what CI runs)

Servers on loopback, one for each feed, publish feeds that grow all the time, and serve their articles: most of them well, others with an error first, slowly,
cut off, behind redirects, in circles, missing, as bombs. They publish no more while many articles were not asked for yet: this is no test of speed. Real feed files are served beside them where --corpus has some. The watcher is killed (SIGKILL) and stopped
(SIGTERM) again and again. At the end every published item must be in the ledger exactly once, memory flat, and `dateline check` clean.
"""

import argparse, gzip, http.server, os, pathlib, random, re, signal, sqlite3, subprocess, sys, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument("--minutes", type=float, default=2)
parser.add_argument("--dateline", default="target/debug/dateline")
parser.add_argument("--corpus", default="../shared/corpora/feedparser-tests/tests/wellformed")
parser.add_argument("--seed", type=int, default=1)
args = parser.parse_args()

chance = random.Random(args.seed)
FEEDS = 4
# Articles that may be published and not yet asked for.
BEHIND = 200
KINDS = ["good"] * 12 + ["error", "slow", "cut", "moved", "circle", "missing", "bomb", "endless", "busy", "empty"]
BOMB = gzip.compress(b"a" * 60_000_000, 9)
lock = threading.Lock()
published = {f: [] for f in range(FEEDS)}  # item numbers
asked = {}
corpus = sorted(pathlib.Path(args.corpus).rglob("*.xml"))[:: 40] if os.path.isdir(args.corpus) else []


def kind(number):
    return KINDS[random.Random(number * 7919 + args.seed).randrange(len(KINDS))]


def article(number):
    town = ["Azaz", "Marea", "Tal Rifaat", "Kilis", "Jarabulus"][number % 5]
    return (
        f"<html><head><title>Report {number} from {town}</title></head><body><nav>Home News</nav><article><h1>Report {number} from {town}</h1>"
        + "".join(
            f"<p>A shell hit the market of {town} on Monday, killing {number % 9 + 2} people, monitor number {number} said in its bulletin {number}-{n}, and residents confirmed it.</p>"
            for n in range(6)
        )
        + "</article></body></html>"
    ).encode()


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", kind="text/html; charset=utf-8", length=None, **headers):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def do_GET(self):
        with lock:
            asked[self.path] = times = asked.get(self.path, 0) + 1
        where, _, rest = self.path.strip("/").partition("/")
        if where == "robots.txt":
            return self.reply(200, b"User-agent: *\nDisallow: /private\n", "text/plain")
        if where == "real":
            body = corpus[int(rest) % len(corpus)].read_bytes()
            # Nothing leads away from this machine.
            body = re.sub(rb"""(>|href=["'])\s*https?://[^/<"'\s]*""", rb"\1" + bases[0].encode() + b"/away", body)
            return self.reply(200, body[: len(body) // 2] if times % 5 == 4 else body, "application/xml")
        if where == "feed":
            with lock:
                numbers = list(published[int(rest)])
            tag = f'"{len(numbers)}"'
            if times % 7 == 3:
                return self.reply(500)
            if times % 7 == 5:
                return self.reply(429, retry_after="2")
            if self.headers.get("if-none-match") == tag:
                return self.reply(304, etag=tag)
            entries = "".join(
                f"<item><title>Report {n}</title><link>/item/{n}</link><guid isPermaLink='false'>g{n}</guid>"
                f"<pubDate>Mon, 03 Oct 2016 10:{n // 60 % 60:02}:{n % 60:02} GMT</pubDate><description>A shell hit a market, monitor {n} said.</description></item>"
                for n in numbers[-150:]
            )
            body = f"<rss version='2.0'><channel><title>Feed {rest}</title><link>/</link>{entries}</channel></rss>".encode()
            if times % 11 == 6:
                return self.reply(200, body[: len(body) // 2], "application/rss+xml", length=len(body), etag=tag)
            return self.reply(200, body, "application/rss+xml", etag=tag)
        if where == "to":
            return self.reply(200, article(int(rest)))
        if where != "item":
            return self.reply(404)  # /away among others
        number = int(rest.split("/")[0])
        what = kind(number)
        first = times == 1
        if what == "error" and first:
            return self.reply(503)
        if what == "busy" and first:
            return self.reply(429, retry_after="1")
        if what == "cut" and first:
            return self.reply(200, article(number)[:300], length=5000)
        if what == "slow" and first:
            time.sleep(4)
        if what == "moved":
            return self.reply(302, location=f"/to/{number}")
        if what == "circle":
            return self.reply(302, location=self.path)
        if what == "missing":
            return self.reply(404)
        if what == "bomb":
            return self.reply(200, BOMB, content_encoding="gzip")
        if what == "endless":
            return self.reply(200, b"x" * 12_000_000)
        if what == "empty":
            return self.reply(200, b"<html><body><script>draw()</script></body></html>")
        return self.reply(200, article(number))


servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) for _ in range(FEEDS)]
for server in servers:
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
bases = [f"http://127.0.0.1:{server.server_address[1]}" for server in servers]
OURS = re.compile(r"http://127\.0\.0\.1:\d+/(?:item|to)/(\d+)")
folder = tempfile.mkdtemp(prefix="dateline-soak-")
ledger = os.path.join(folder, "ledger.db")
log = open(os.path.join(folder, "watch.log"), "w")


def dateline(*words, **more):
    return subprocess.run([args.dateline, words[0], "--ledger", ledger, *words[1:]], **more)


def watch(*more):
    command = [args.dateline, "watch", "--ledger", ledger, "--allow-private", "--every", "2s", "--pause", "0s", "--timeout", "3s", *more]
    return subprocess.Popen(command, stdout=log, stderr=log)


def memory(pid):
    try:
        for line in open(f"/proc/{pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
    except OSError:
        pass
    return 0


urls = [f"{bases[n]}/feed/{n}" for n in range(FEEDS)] + [f"{bases[n % FEEDS]}/real/{n}" for n in range(len(corpus))]
dateline("feeds", "add", *urls, check=True)
dateline("alerts", "add", "tolls", "--kind", "toll", "--atom", os.path.join(folder, "tolls.xml"), check=True)
end = time.time() + args.minutes * 60
number = 0
kills = stops = 0
peaks = []
process = watch()
next_kill = time.time() + 8
peak = 0
while time.time() < end:
    with lock:
        behind = number - sum(path.startswith("/item/") for path in asked)
        for feed in range(FEEDS):
            if chance.random() < 0.5 and behind < BEHIND and number < 40 * FEEDS * args.minutes:
                number += 1
                published[feed].append(number)
    time.sleep(0.5)
    peak = max(peak, memory(process.pid))
    if process.poll() is not None:
        sys.exit(f"the watcher ended by itself with {process.returncode}: {folder}/watch.log")
    if time.time() > next_kill:
        if chance.random() < 0.6:
            process.kill()
            kills += 1
        else:
            process.send_signal(signal.SIGTERM)
            stops += 1
        code = process.wait(timeout=60)
        if code not in (0, -signal.SIGKILL):
            sys.exit(f"the watcher stopped with {code}: {folder}/watch.log")
        peaks.append(peak)
        peak = 0
        process = watch()
        next_kill = time.time() + chance.uniform(8, 25)
process.send_signal(signal.SIGTERM)
process.wait(timeout=60)
peaks.append(peak)

# What waits for a later try is tried now.
for _ in range(12):
    opened = sqlite3.connect(ledger)
    opened.execute("UPDATE feed_items SET next_at = found_at WHERE state = 'waiting'")
    opened.execute("UPDATE feeds SET next_at = added_at")
    opened.commit()
    waiting = opened.execute("SELECT count(*) FROM feed_items WHERE state = 'waiting'").fetchone()[0]
    seen = sum(OURS.match(link or "") is not None for (link,) in opened.execute("SELECT link FROM feed_items"))
    opened.close()
    if waiting == 0 and seen == number:
        break
    last = watch("--once")
    try:
        last.wait(timeout=600)
    except subprocess.TimeoutExpired:
        # A machine that is busy with other things: the next round goes on.
        last.send_signal(signal.SIGTERM)
        last.wait(timeout=60)

opened = sqlite3.connect(ledger)
found = {}
for (url,) in opened.execute("SELECT url FROM dispatches"):
    if ours := OURS.match(url or ""):
        found.setdefault(int(ours[1]), []).append(url)
lost = [n for n in range(1, number + 1) if n not in found]
doubled = {n: urls for n, urls in found.items() if len(urls) > 1}
told = opened.execute("SELECT count(*), count(DISTINCT key) FROM deliveries").fetchone()
opened.close()
check = dateline("check", capture_output=True, text=True)
flat = len(peaks) < 4 or max(peaks[len(peaks) // 2 :]) < 1.5 * max(peaks[: len(peaks) // 2]) + 50
print(f"{args.minutes:g} minutes: {number} items published, {len(found)} in the ledger, {len(lost)} lost, {len(doubled)} doubled; {kills} kills, {stops} stops")
print(f"{sum(asked.values())} requests; memory peaks of the runs in MiB: {peaks}; {told[0]} alerts told, {told[1]} different")
print(check.stdout.strip() or check.stderr.strip())
good = not lost and not doubled and check.returncode == 0 and flat and found
print("good" if good else f"BAD: lost {lost[:10]}, doubled {list(doubled.items())[:5]}, flat {flat}; {folder}")
sys.exit(0 if good else 1)
