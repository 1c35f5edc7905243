/** The part of WebAssembly's interface that the kernels use; Node's types leave it to the browser's, which Node is not. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  type Exports = Record<string, unknown>;
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } });
    readonly exports: Exports;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class RuntimeError extends Error {}
  function validate(bytes: Uint8Array): boolean;
}
