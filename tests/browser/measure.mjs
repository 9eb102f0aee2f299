// Opens pages in Chromium and writes down what it sees; tests/browser/test_pages_in_chromium.py says what it should be.
// Usage: node measure.mjs CHROMIUM MODULES PAGE.html > seen.json
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [chromium, modules, file] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/index.js`));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const address = pathToFileURL(file).href;
const seen = { requests: [], errors: [], axe: {}, widths: {} };

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
page.on("request", (request) => seen.requests.push(request.url().split("#")[0]));
page.on("pageerror", (error) => seen.errors.push(String(error)));
page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
page.on("dialog", (dialog) => { seen.errors.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
const session = await page.createCDPSession();

async function look(features, width) {
  await page.setViewport({ width, height: 900 });
  await session.send("Emulation.setEmulatedMedia", { features });
}

async function violations() {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return result.violations.map((found) => `${found.id}: ${found.nodes.length} × ${found.nodes[0].html.slice(0, 200)} ${found.nodes[0].failureSummary ?? ""}`);
}

const shown = () => page.$$eval("table.indicators tbody tr", (rows) => rows.filter((row) => row.offsetParent !== null).map((row) => row.id));
const scheme = (value) => [{ name: "prefers-color-scheme", value }];

// accessibility and overflow
const looks = { light: scheme("light"), dark: scheme("dark"), forced: [{ name: "forced-colors", value: "active" }] };
for (const [name, features] of Object.entries(looks)) {
  for (const width of name === "forced" ? [1440] : [360, 1440]) {
    await look(features, width);
    await page.goto(address);
    seen.axe[`${name} ${width}`] = await violations();
  }
}
for (const width of [320, 360, 768, 1440]) {
  await look(scheme("light"), width);
  await page.goto(address);
  seen.widths[width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
}
seen.paper = {};
for (const name of ["light", "dark"]) {
  await look(looks[name], 1440);
  seen.paper[name] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

// targets to press, other than links in sentences
await look(scheme("light"), 360);
await page.goto(address);
seen.small = await page.$$eval("button, input, select, nav a", (all) => all.filter((each) => each.offsetParent !== null)
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html));

// the keyboard comes to the link that skips first, and sees it
await page.keyboard.press("Tab");
seen.first = await page.evaluate(() => [document.activeElement.className, document.activeElement.getBoundingClientRect().left >= 0,
  getComputedStyle(document.activeElement).outlineStyle]);

// filters
await look(scheme("light"), 1440);
await page.goto(address);
seen.all = await shown();
if (await page.$("input[value=red]")) {
  await page.click("input[value=red]");
  seen.red = await shown();
  seen.said = await page.$eval("#shown", (each) => each.textContent);
  seen.address = page.url().split("#")[1] ?? "";
  await page.reload();
  seen.reloaded = await shown();
  await page.goto("about:blank");
  await page.goto(`${address}#?status=amber&status=green&sort=status`);
  seen.linked = await shown();
  seen.order = await page.$$eval("table.indicators tbody", (all) => all.map((body) => [...body.rows].map((row) => row.dataset.s)));
  const hidden = await page.$$eval("table.indicators tbody tr", (rows) => rows.filter((row) => row.hidden).map((row) => row.id));
  const link = hidden.map((id) => `a[href="#${id}"]`).join(",");
  if (link && await page.$(link)) {
    const target = await page.$eval(link, (each) => each.getAttribute("href").slice(1));
    await page.$eval(link, (each) => each.click());
    seen.followed = await page.$eval(`#${target}`, (row) => [!row.hidden, document.activeElement === row]);
  }
  await page.goto("about:blank");
  await page.goto(`${address}#?q=${encodeURIComponent(await page.evaluate(() => "zzzz no such thing"))}`);
  seen.nothing = [await shown(), await page.$eval("#shown", (each) => each.textContent)];
}

// without scripts, and on paper
await page.setJavaScriptEnabled(false);
await page.goto(address);
seen.plain = [await shown(), await page.$eval("#filter", (form) => form.offsetParent === null).catch(() => null)];
await page.setJavaScriptEnabled(true);
await page.goto(address);
await page.emulateMediaType("print");
seen.print = await page.evaluate(() => ({
  heads: [...new Set([...document.querySelectorAll("table.indicators thead")].map((head) => getComputedStyle(head).display))],
  breaks: [...new Set([...document.querySelectorAll("table.indicators tbody tr")].map((row) => getComputedStyle(row).breakInside))],
  form: document.querySelector("#filter") && getComputedStyle(document.querySelector("#filter")).display,
}));
seen.acted = await page.evaluate(() => window.acted === true);
await browser.close();
process.stdout.write(JSON.stringify(seen));
