// The count of what was checked. A check that throws has failed; the run goes on with the next one.

let passed = 0;
let failed = 0;

export function expect(condition, sentence) {
  if (!condition) throw new Error(`does not hold: ${sentence}`);
}

export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${String(error?.message ?? error).replaceAll("\n", "\n        ")}`);
  }
}

// Prints the count; the exit code of the run.
export function summary() {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
