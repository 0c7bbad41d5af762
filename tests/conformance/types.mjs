// The words that shapes are written in, beside those of the published schema.

export const text = { type: "string", minLength: 1 };
export const flag = { type: "boolean" };
export const count = { type: "integer", minimum: 0 };
export const list = { type: "array" };
export const object = { type: "object" };
export const nothing = { type: "null" };
export const yes = { const: true };

// An object that must have these members and may have more.
export function open(required) {
  return { type: "object", required: Object.keys(required), properties: required };
}

export function listOf(items) {
  return { type: "array", items };
}

export function oneOf(...schemas) {
  return { anyOf: schemas };
}

export function words(...allowed) {
  return { enum: allowed };
}
