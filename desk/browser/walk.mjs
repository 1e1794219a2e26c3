// A walk through the desk as its people take it: read, search, follow a figure to its words, decide and undo by keyboard,
// report, export, be refused. Every page is looked at in light, dark and on a narrow screen, and checked by axe.
// Needs: DATELINE (the program), EXAMPLES (the folder), SHOTS (where screenshots go), CHROMIUM.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const { DATELINE, EXAMPLES, SHOTS, CHROMIUM } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "dateline-walk-"));
const ledger = join(folder, "ledger.db");
const dateline = (...args) => execFileSync(DATELINE, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const failures = [];
let steps = 0;

const step = async (name, work) => {
  steps += 1;
  try {
    await work();
    console.log(`ok   ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL ${name}\n     ${String(error.message ?? error).split("\n").slice(0, 12).join("\n     ")}`);
  }
};

const serve = () =>
  new Promise((resolve, reject) => {
    const child = spawn(DATELINE, ["serve", "--ledger", ledger, "--listen", "127.0.0.1:0", "--quiet"], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) resolve({ child, base: address[0] });
    });
    child.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });

const paste = `Ceasefire monitors count three breaches in Harasta
HARASTA, Syria, September 21 (Lantern Wire) - Shelling killed at least four people in Harasta on Tuesday, the Ghouta Civic Council said.
"The shells came from government positions," council spokesman Omar Haddad told reporters.
The Syrian army denied shelling the town.
`;
const later = `Two wounded by sniper fire in Darayya
DARAYYA, Syria, September 22 (Lantern Wire) - Sniper fire wounded two people in Darayya on Wednesday, the local council said.
`;

// A dispatch in Arabic with a Hebrew name, as another reader's records come in: text and names that run from right to left.
const leftward = (() => {
  const text = "قصف على بلدة أورم\n\nقال مراسل בני עמית إن القصف قتل 12 شخصا في أورم.";
  const span = (words) => ({ start: [...text.slice(0, text.indexOf(words))].length, end: [...text.slice(0, text.indexOf(words))].length + [...words].length, text: words });
  return {
    schema: "dateline/record/1", id: "leftward",
    dispatch: { outlet: "صحيفة المرج", headline: "قصف على بلدة أورم", published: "2016-09-20", language: "ar", text },
    statements: [{ id: "s1", speaker: "בני עמית", source: span("בני עמית"), cue: span("قال"), content: [span("القصف قتل 12 شخصا")], kind: "indirect", mode: "says" }],
    incidents: [{ id: "i1", type: "shelling", trigger: span("قصف"), date_start: "2016-09-20", date_end: "2016-09-20",
      place: { mention: span("أورم"), name: "أورم", country: "SY", lat: 36.08, lon: 36.93, precision: "city" },
      perpetrators: [{ actor: "الجيش", mention: span("القصف"), stance: "accuses", by: "בני עמית" }],
      figures: [{ id: "f1", measure: "killed", low: 12, high: 12, qualifier: "exact", group: "people", by: "בני עמית", mention: span("قتل 12 شخصا") }] }],
    accords: [{ id: "a1", kind: "ceasefire", name: "هدنة أورم", mention: span("بلدة أورم"), parties: ["الجيش", "בני עמית"],
      status_claims: [{ status: "in_force", modality: "asserted", date: "2016-09-19", by: "outlet", mention: span("أورم") }] }],
  };
})();
writeFileSync(join(folder, "leftward.jsonl"), JSON.stringify(leftward) + "\n");

dateline("add", "--ledger", ledger, join(EXAMPLES, "september-2016.jsonl"), join(folder, "leftward.jsonl"));
const { child, base } = await serve();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (m) => m.type() === "error" && troubles.push(m.text()));
  page.on("pageerror", (e) => troubles.push(e.message));
  const go = async (path) => {
    const answer = await page.goto(base + path, { waitUntil: "load" });
    assert.equal(answer.status(), 200, `${path} answers ${answer.status()}`);
  };

  await step("a pasted dispatch is read and filed", async () => {
    await go("/add");
    await page.fill("textarea[name=words]", paste);
    await page.fill("input[name=outlet]", "Lantern Wire");
    await page.click("main button");
    await page.waitForURL((url) => !url.pathname.endsWith("/add"));
    assert.match(await page.textContent("main"), /three breaches in Harasta/);
  });

  await step("it is found by its words, and they are marked", async () => {
    await go("/?text=Harasta");
    assert.ok((await page.locator(".stories li").count()) > 0);
    assert.ok((await page.locator(".snippet mark").count()) > 0);
    await page.click(".stories li:first-child h2 a");
    await page.waitForSelector("#text");
    await page.waitForLoadState("load");
  });

  await step("an item and its words light up together", async () => {
    await page.click(".margin .item .to-words >> nth=0");
    assert.ok((await page.locator(".text .seg.lit").count()) > 0, "no words are lit");
  });

  let incident = "";
  await step("the incident has a matrix whose cells open their words", async () => {
    await go("/incidents?disputed=1");
    await page.click("table.list tbody th a >> nth=0");
    await page.waitForSelector("table.matrix");
    incident = new URL(page.url()).pathname;
    const cell = page.locator(".matrix details.value").first();
    await cell.locator("summary").click();
    assert.ok((await cell.locator("q").innerText()).length > 2);
    await cell.locator("a").click();
    await page.waitForSelector(".seg.asked");
  });

  await step("by keyboard alone: skip link, then a decision and its undo", async () => {
    await go("/review");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.evaluate(() => document.activeElement.blur());
    const before = page.url();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.toString() !== before);
    await page.keyboard.press("a");
    await page.waitForSelector(".decided");
    assert.match(await page.innerText(".decided"), /accept/i);
    const decision = new URL(page.url()).searchParams.get("done");
    await page.keyboard.press("u");
    // The answer to the undoing is a page of its own; before it has come, the next step's page must not be asked for.
    await page.waitForURL((url) => ![null, decision].includes(url.searchParams.get("done")), { waitUntil: "load" });
    assert.match(await page.innerText(".decided p"), /undid|undone/i);
  });

  await step("a report is previewed and downloaded", async () => {
    await go("/report?since=2016-09-12&until=2016-09-20");
    assert.match(await page.innerText("#preview"), /2016/);
    const [file] = await Promise.all([page.waitForEvent("download"), page.click('a[href*="report.html"]')]);
    const text = readFileSync(await file.path(), "utf8");
    assert.ok(text.includes("<html") && !/<script|https?:\/\/[^"]*\.(css|js)/.test(text), "not self-contained");
  });

  await step("what is filtered is exported", async () => {
    await go("/export?place=Aleppo");
    const [file] = await Promise.all([page.waitForEvent("download"), page.click('a[href*="/export/acled"]')]);
    const lines = readFileSync(await file.path(), "utf8").trim().split(/\r?\n/);
    assert.ok(lines[0].startsWith("event_id_cnty,event_date,year"), lines[0]);
    assert.ok(lines.length > 1);
  });

  await step("an open page learns what is filed meanwhile", async () => {
    await go("/");
    writeFileSync(join(folder, "later.txt"), later);
    await page.waitForTimeout(1500);
    dateline("add", "--ledger", ledger, "--outlet", "Lantern Wire", join(folder, "later.txt"));
    await page.waitForSelector("#live:not([hidden])", { timeout: 15000 });
    assert.match(await page.innerText("#live"), /1 dispatch was filed/);
  });

  const accord = await (async () => {
    await go("/accords");
    return page.locator('main a[href*="/accords/"]').first().getAttribute("href");
  })();
  const actor = await (async () => {
    await go("/actors");
    return page.locator('main a[href*="/actors/"]').first().getAttribute("href");
  })();
  await go("/");
  const dispatch = await page.locator(".stories h2 a").last().getAttribute("href");
  const pages = {
    news: "/", dispatch, incidents: "/incidents", map: "/incidents?view=map", timeline: "/incidents?view=timeline", incident,
    accords: "/accords", accord, actors: "/actors", actor, review: "/review", log: "/review/log",
    agreement: "/review/agreement", report: "/report", export: "/export", sources: "/sources", help: "/help", add: "/add",
  };
  for (const [name, path] of Object.entries(pages)) {
    for (const [look, scheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 360]]) {
      await step(`${name}, ${look}: no barrier found by axe, nothing wider than the screen`, async () => {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 900 });
        await go(path);
        await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`), fullPage: name !== "news" });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
        // The page's own policy lets no foreign script in; the checker is put in past it.
        const session = await context.newCDPSession(page);
        const run = await session.send("Runtime.evaluate", {
          expression: `${axe}; axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.failureSummary || "").split("\\n")[1]).join(" | "))))`,
          awaitPromise: true,
          returnByValue: true,
        });
        await session.detach();
        if (run.exceptionDetails) throw new Error(run.exceptionDetails.exception?.description ?? "axe did not run");
        assert.deepEqual(JSON.parse(run.result.value), []);
      });
    }
  }
  await step("names and texts from right to left run from right to left, and what stands around them does not", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 900 });
    const direction = (selector, words) => page.locator(selector, { hasText: words }).first().evaluate((e) => getComputedStyle(e).direction);
    await go("/?outlet=" + encodeURIComponent("صحيفة المرج"));
    assert.equal(await direction(".stories h2 a", "قصف"), "rtl");
    assert.equal(await direction("main", ""), "ltr");
    await page.click(".stories h2 a");
    await page.waitForSelector("#text");
    assert.equal(await direction(".text p", "قصف"), "rtl");
    await page.screenshot({ path: join(SHOTS, "leftward-dispatch.png"), fullPage: true });
    for (const [name, path, row] of [["incident", "/incidents", "أورم"], ["accord", "/accords", "هدنة"], ["actor", "/actors?actor=" + encodeURIComponent("עמית"), "עמית"]]) {
      await go(path);
      const link = name === "incident" ? page.locator("tr", { hasText: row }).first().locator("a").first() : page.locator("main a", { hasText: row }).first();
      await link.click();
      await page.waitForSelector("h1");
      await page.waitForLoadState("load");
      await page.screenshot({ path: join(SHOTS, `leftward-${name}.png`), fullPage: true });
    }
  });

  await step("on paper a page is its words and tables, without menus", async () => {
    for (const [name, path] of [["incident", incident], ["accord", accord], ["dispatch", dispatch], ["report", "/report?since=2016-09-12&until=2016-09-20"]]) {
      await page.emulateMedia({ media: "print", colorScheme: "light" });
      await go(path);
      for (const gone of [".masthead nav", ".seek", ".filters"]) {
        const there = page.locator(gone);
        if ((await there.count()) > 0) assert.equal(await there.first().isVisible(), false, `${gone} is printed`);
      }
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.screenshot({ path: join(SHOTS, `${name}-print.png`), fullPage: true });
      assert.ok((await page.pdf({ path: join(SHOTS, `${name}.pdf`), format: "A4" })).length > 5000);
    }
    await page.emulateMedia({ media: "screen" });
  });

  await step("no page logged an error", async () => assert.deepEqual(troubles, []));

  await step("a reader signs in, reads, and is refused a decision", async () => {
    const made = dateline("users", "add", "Ben", "--role", "reader", "--ledger", ledger);
    const password = made.match(/password of Ben: (\S+)/)[1];
    const guest = await browser.newContext();
    const other = await guest.newPage();
    await other.goto(base + "/review");
    assert.equal(new URL(other.url()).pathname, "/sign-in");
    await other.fill("#name", "Ben");
    await other.fill("#password", password);
    await other.click("main button");
    await other.waitForURL((url) => url.pathname === "/review");
    assert.equal(await other.locator('button[value="accept"]').count(), 0);
    const refused = await other.evaluate(async () => (await fetch("/review/decide", { method: "POST", body: new URLSearchParams({ action: "accept", id: "x" }) })).status);
    assert.equal(refused, 403);
    await guest.close();
  });
} finally {
  await browser.close();
  child.kill("SIGTERM");
  const code = await new Promise((resolve) => child.once("exit", resolve));
  await step("the desk stops when told", async () => assert.equal(code, 0));
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${steps - failures.length} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
