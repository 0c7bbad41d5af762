// docs/differences.md against the rows that it is made of.

import { readFileSync } from "node:fs";

import { differencesPage } from "./differences_page.mjs";
import { check, expect } from "./report.mjs";

const page = new URL("../../docs/differences.md", import.meta.url);

export function pageChecks() {
  return check("docs/differences.md says what deliberate.mjs says", () =>
    expect(readFileSync(page, "utf8") === differencesPage(), "they are the same; `make docs` writes it anew"),
  );
}
