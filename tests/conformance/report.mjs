// The count of what was checked. A check that throws has failed; the run goes on with the next one. One that throws
// Skip does not apply, for the reason it gives.

let passed = 0;
let failed = 0;
let skipped = 0;

export class Skip extends Error {}

export function expect(condition, sentence) {
  if (!condition) throw new Error(`does not hold: ${sentence}`);
}

// How it went: {state: "ok" | "FAILED" | "n.a.", reason}.
export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name}`);
    return { state: "ok", reason: "" };
  } catch (error) {
    const reason = String(error?.message ?? error);
    if (error instanceof Skip) {
      skipped += 1;
      console.log(`n.a.    ${name}: ${reason}`);
      return { state: "n.a.", reason };
    }
    failed += 1;
    console.log(`FAILED  ${name}\n        ${reason.replaceAll("\n", "\n        ")}`);
    return { state: "FAILED", reason };
  }
}

// Prints the count; the exit code of the run.
export function summary() {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
