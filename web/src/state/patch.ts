/** JSON Merge Patch (RFC 7396) with structural sharing: what a patch does not touch keeps its identity. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Defined rather than assigned, so that a key named `__proto__` is data like any other. */
function put(object: object, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function merge(target: JsonObject, patch: JsonObject): JsonObject {
  let copy: Record<string, Json> | undefined;
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) {
      if (!Object.hasOwn(target, key)) continue;
      copy ??= { ...target };
      delete copy[key];
      continue;
    }
    const before = own(target, key);
    const after = apply(before, change);
    if (after === before) continue;
    copy ??= { ...target };
    put(copy, key, after);
  }
  return copy ?? target;
}

/** The target after the patch. Neither argument is changed; a patch that changes nothing returns the very target. */
export function apply(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  return merge(isObject(target) ? target : {}, patch);
}
