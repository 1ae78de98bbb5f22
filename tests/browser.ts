/**
 * Pages in headless Chromium: what tests of the report and of pages that deploy a model share.
 *
 * A machine without Chromium (or Chrome) skips these tests, by name; where `CI` is set it must be there.
 *
 * @module
 */
import assert from "node:assert/strict";
import puppeteer, { type Browser, type Page } from "npm:puppeteer-core@25.16.0";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** How a page is looked at. */
export interface View {
  /** Size of the window in CSS pixels; 1280 by 900 by default. */
  readonly width?: number;
  readonly height?: number;
  /** What the reader prefers; light by default. */
  readonly scheme?: "light" | "dark";
  /** Whether the reader asked for less motion; not by default. */
  readonly reducedMotion?: boolean;
}

/** A page that was opened, with what it said and asked for since. */
export interface Visit {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, and requests that failed. */
  readonly complaints: string[];
  /** URLs asked for, `data:` and `blob:` left out; the page itself is the first. */
  readonly requests: string[];
}

/** Tests a page in a browser of its own, closed at the end. */
export function testInBrowser(
  name: string,
  test: (open: (url: string, view?: View) => Promise<Visit>) => Promise<void>,
  { flags = [] }: { readonly flags?: readonly string[] } = {},
): void {
  const path = PLACES.find(exists);
  Deno.test({
    name,
    ignore: path === undefined && Deno.env.get("CI") === undefined,
    async fn() {
      assert.ok(path !== undefined, `no browser is at ${PLACES.join(", ")}`);
      const browser = await puppeteer.launch({
        executablePath: path,
        args: ["--no-sandbox", ...flags],
      });
      try {
        await test((url, view) => visit(browser, url, view));
      } finally {
        await browser.close();
      }
    },
  });
}

async function visit(browser: Browser, url: string, view: View = {}): Promise<Visit> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  page.on("requestfailed", (request) => {
    complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  await page.setViewport({ width: view.width ?? 1280, height: view.height ?? 900 });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: view.scheme ?? "light" },
    { name: "prefers-reduced-motion", value: view.reducedMotion ? "reduce" : "no-preference" },
  ]);
  await page.goto(url, { waitUntil: "load" });
  return { page, complaints, requests };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
