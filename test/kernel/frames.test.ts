import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage, encodeText, FRAME, FrameReader, type Frame } from "../../kernel-ext/child/frames.js";
import { Wire } from "../../kernel-ext/protocol/wire.js";
import { glob } from "../../kernel-ext/supervisor/history.js";
import { toPoints, toUnits } from "../../kernel-ext/supervisor/text-offsets.js";

describe("frames between supervisor and child", () => {
  it("come out whole and in order however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (texts, cuts) => {
        const bytes = Buffer.concat(texts.map((text, i) => encodeText(FRAME.stdout, i, text)));
        const got: Frame[] = [];
        const reader = new FrameReader((frame) => got.push({ ...frame, payload: Buffer.from(frame.payload) }));
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const end = Math.min(bytes.length, at + cuts[i % cuts.length]);
          reader.push(Buffer.from(bytes.subarray(at, end)));
          at = end;
        }
        expect(got.map((frame) => frame.cell)).toEqual(texts.map((_, i) => i));
        expect(got.map((frame) => frame.payload.toString())).toEqual(texts.map((text) => Buffer.from(text).toString()));
      }),
    );
  });

  it("carry buffers beside JSON", () => {
    const buffers = [Buffer.from([1, 2, 3]), Buffer.alloc(0), Buffer.from([255])];
    const got: { message: unknown; buffers: Buffer[] }[] = [];
    new FrameReader((frame) => got.push(decodeMessage(frame))).push(encodeMessage(7, { type: "x" }, buffers));
    expect(got).toEqual([{ message: { type: "x" }, buffers }]);
  });
});

describe("the wire", () => {
  const wire = new Wire("key");
  const frames = (wire.encode(["peer"], "execute_request", { code: "1" }, {}) as (Buffer | string)[]).map((frame) => Buffer.from(frame));

  it("reads what it wrote", () => {
    const message = wire.decode(frames);
    expect(message?.content).toEqual({ code: "1" });
    expect(message?.header.msg_type).toBe("execute_request");
  });

  it("refuses every changed byte", () => {
    for (let frame = 2; frame < frames.length; frame++) {
      for (let at = 0; at < frames[frame].length; at++) {
        const changed = frames.map((each) => Buffer.from(each));
        changed[frame][at] ^= 1;
        expect(wire.decode(changed)).toBeNull();
      }
    }
  });

  it("never throws on garbage", () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 80 })), (parts) => void new Wire("").decode([...parts.map((part) => Buffer.from(part)), Buffer.from("<IDS|MSG>"), ...parts.map((part) => Buffer.from(part))])));
  });
});

describe("offsets", () => {
  it("of code points and UTF-16 units agree with the string's own", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "é", "😀", "𝛼", "\n")), (characters) => {
        const text = characters.join("");
        for (let points = 0; points <= characters.length; points++) {
          const units = characters.slice(0, points).join("").length;
          expect(toUnits(text, points)).toBe(units);
          expect(toPoints(text, units)).toBe(points);
        }
      }),
    );
  });
});

describe("history patterns", () => {
  it("match like a shell's", () => {
    expect(["const a", "let b", "x\ny"].map(glob("*"))).toEqual([true, true, true]);
    expect(["ab", "axb", "b"].map(glob("a*b"))).toEqual([true, true, false]);
    expect(["6 * 7", "6 + 7", "6 7"].map(glob("6 ? 7"))).toEqual([true, true, false]);
  });

  it("end on a pattern made to hang", () => {
    expect(glob(`${"*a".repeat(200)}b`)("a".repeat(20_000))).toBe(false);
  });
});
