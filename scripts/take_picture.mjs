// Takes the picture of the example's page that the README shows. After `make browser`:
//   node scripts/take_picture.mjs build/browser build/rutland.html docs/images/rutland.png
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, page, picture] = process.argv.slice(2);
const puppeteer = createRequire(pathToFileURL(`${resolve(modules)}/index.js`))("puppeteer-core");
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const tab = await browser.newPage();
await tab.setViewport({ width: 1280, height: 1380 });
await tab.goto(pathToFileURL(resolve(page)).href);
await tab.screenshot({ path: picture });
await browser.close();
