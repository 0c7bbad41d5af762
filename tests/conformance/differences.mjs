// How what was got differs in shape from what was recorded: members, types and the words that clients decide by.

// Members whose text is part of the shape.
const words = new Set([
  "code",
  "type",
  "object",
  "status",
  "state",
  "phase",
  "role",
  "finish_reason",
  "authReason",
  "recommendedNextStep",
  "missingScope",
  "disposition",
  "reason",
]);

// What the operator has written, not what the protocol has: objects as such.
const documents =
  /^answer to config\.\w+\.payload\.(parsed|sourceConfig|resolved|runtimeConfig|config)$|\.deliveryPreviews$/;

function kind(value) {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}

// One value that has every member that any of the items has.
function merged(items) {
  if (kind(items[0]) !== "object") return items[0];
  return Object.assign({}, ...[...items].reverse());
}

// The places where `got` differs from `recorded`, as sentences. A null or an empty list says nothing about the rest.
export function differences(recorded, got, place = "") {
  const [wanted, found] = [kind(recorded), kind(got)];
  if (wanted === "null" || found === "null") return [];
  if (documents.test(place) && wanted === found) return [];
  if (wanted !== found) return [`${place}: ${found}, not ${wanted}`];
  if (wanted === "array") {
    if (recorded.length === 0 || got.length === 0) return [];
    return differences(merged(recorded), merged(got), `${place}[]`);
  }
  if (wanted === "object") return memberDifferences(recorded, got, place);
  const name = place.split(".").at(-1);
  return words.has(name) && recorded !== got ? [`${place}: "${got}", not "${recorded}"`] : [];
}

function memberDifferences(recorded, got, place) {
  const absent = Object.keys(recorded).filter((name) => !(name in got));
  const extra = Object.keys(got).filter((name) => !(name in recorded));
  const shared = Object.keys(recorded).filter((name) => name in got);
  return [
    ...absent.map((name) => `${place}.${name}: absent`),
    ...extra.map((name) => `${place}.${name}: extra`),
    ...shared.flatMap((name) => differences(recorded[name], got[name], `${place}.${name}`)),
  ];
}

// The order in which each name first comes.
export function firstOrder(names) {
  return [...new Set(names)];
}

// Names that both have, where their order differs; names that only one has.
export function orderDifferences(recorded, got, place) {
  const absent = recorded.filter((name) => !got.includes(name));
  const extra = got.filter((name) => !recorded.includes(name));
  const wanted = recorded.filter((name) => got.includes(name));
  const found = got.filter((name) => recorded.includes(name));
  return [
    ...absent.map((name) => `${place} ${name}: absent`),
    ...extra.map((name) => `${place} ${name}: extra`),
    ...(wanted.join() === found.join() ? [] : [`${place}: in the order ${found.join(", ")}, not ${wanted.join(", ")}`]),
  ];
}
