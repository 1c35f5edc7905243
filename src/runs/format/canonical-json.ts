/**
 * JSON with one spelling per value (RFC 8785): what is hashed when a run says "the same config".
 *
 * Members are sorted by UTF-16 units and numbers are written the way ECMAScript writes them, so that key order,
 * white space and `1.0` against `1` never change a hash. What JSON cannot hold is treated as `JSON.stringify` does
 * (undefined members are left out, dates become text), except that a number that is not finite is refused:
 * it would silently become `null`, and two different configs would hash the same.
 *
 * @throws TypeError on NaN, an infinity, a bigint or a cycle.
 * @example
 * canonicalJson({ b: 1.0, a: "é" }); // '{"a":"é","b":1}'
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, parents: object[]): string {
  if (value !== null && typeof value === "object" && typeof (value as { toJSON?: unknown }).toJSON === "function") {
    value = (value as { toJSON(): unknown }).toJSON();
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`canonical JSON holds finite numbers only; received ${value}`);
    return JSON.stringify(value);
  }
  if (typeof value === "bigint") throw new TypeError("canonical JSON holds no bigint; give a number or a string");
  if (value === null || value === undefined || typeof value === "function" || typeof value === "symbol") return "null";
  if (typeof value !== "object") return JSON.stringify(value);
  if (parents.includes(value)) throw new TypeError("canonical JSON holds no cycles");
  parents.push(value);
  let text: string;
  if (Array.isArray(value)) {
    text = `[${value.map((item) => write(item, parents)).join(",")}]`;
  } else {
    const members: string[] = [];
    for (const key of Object.keys(value).sort()) {
      const member = (value as Record<string, unknown>)[key];
      if (member === undefined || typeof member === "function" || typeof member === "symbol") continue;
      members.push(`${JSON.stringify(key)}:${write(member, parents)}`);
    }
    text = `{${members.join(",")}}`;
  }
  parents.pop();
  return text;
}
