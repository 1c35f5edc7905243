/** What TypeScript's language service reads: the cells from memory, everything else from the disk. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript";
import { GLOBALS_DECLARATION } from "../../globals.js";

const own = createRequire(import.meta.url);

/** In the name of every file that exists in memory only. */
const MARK = ".runlab";

const TSLAB_DECLARATION = `
export declare const display: RunlabKernel.Display;
export declare function newDisplay(): DisplayHelpers;
export declare const versions: { tslab: string; typescript: string; node: string };
`;

const AMBIENT_DECLARATION = `${GLOBALS_DECLARATION}
declare namespace RunlabKernel { type Display = typeof display; }
declare function __runlab_magic__(index: number): Promise<void>;
`;

export class TypeHost implements ts.LanguageServiceHost {
  private readonly memory = new Map<string, { text: string; version: number }>();
  private readonly snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  private readonly packages: ts.ModuleResolutionCache;
  private readonly options: ts.CompilerOptions;
  private versions = 0;
  readonly ambient: string;
  readonly current: string;

  constructor(private readonly folder: string) {
    this.ambient = this.virtual("globals.d");
    this.current = this.virtual("cell");
    this.write(this.ambient, AMBIENT_DECLARATION);
    this.write(this.virtual("tslab.d"), TSLAB_DECLARATION);
    this.write(this.current, "export {};");
    this.options = {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      moduleDetection: ts.ModuleDetectionKind.Force,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: ["node"],
      typeRoots: [nodeTypes(folder)],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      esModuleInterop: true,
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      experimentalDecorators: true,
    };
    this.packages = ts.createModuleResolutionCache(folder, (name) => name, this.options);
  }

  /** The address of a file that exists in memory, in the notebook's folder so that its relative imports are right. */
  virtual(name: string): string {
    const [stem, declaration] = name.split(/(?=\.d$)/);
    return path.join(this.folder, `${stem}${MARK}${declaration ?? ""}.ts`);
  }

  write(file: string, text: string): void {
    if (this.memory.get(file)?.text === text) return;
    this.memory.set(file, { text, version: ++this.versions });
  }

  remove(file: string): void {
    this.memory.delete(file);
    this.snapshots.delete(file);
  }

  getCompilationSettings = (): ts.CompilerOptions => this.options;
  getScriptFileNames = (): string[] => [this.ambient, this.current];
  getCurrentDirectory = (): string => this.folder;
  getDefaultLibFileName = (options: ts.CompilerOptions): string => ts.getDefaultLibFilePath(options);
  useCaseSensitiveFileNames = (): boolean => ts.sys.useCaseSensitiveFileNames;
  directoryExists = ts.sys.directoryExists;
  getDirectories = ts.sys.getDirectories;
  readDirectory = ts.sys.readDirectory;
  realpath = ts.sys.realpath;

  getProjectVersion = (): string => String(this.versions + this.localFiles());
  getScriptVersion = (file: string): string => {
    const held = this.memory.get(file);
    if (held) return String(held.version);
    // Installed packages and TypeScript's own library do not change while a notebook is open.
    if (file.includes("/node_modules/")) return "0";
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat) this.watched.add(file);
    return stat ? `${stat.mtimeMs}-${stat.size}` : "gone";
  };

  /** The service asks for every file at every question: what did not change is not read again. */
  getScriptSnapshot = (file: string): ts.IScriptSnapshot | undefined => {
    const version = this.getScriptVersion(file);
    const known = this.snapshots.get(file);
    if (known?.version === version) return known.snapshot;
    const text = this.readFile(file);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.snapshots.set(file, { version, snapshot });
    return snapshot;
  };

  /** Spares reading the same package.json of a library at every question. */
  getModuleResolutionCache = (): ts.ModuleResolutionCache => this.packages;

  readFile = (file: string): string | undefined => this.memory.get(file)?.text ?? ts.sys.readFile(file);
  fileExists = (file: string): boolean => this.memory.has(file) || ts.sys.fileExists(file);

  resolveModuleNameLiterals = (
    literals: readonly ts.StringLiteralLike[],
    containing: string,
    redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] =>
    literals.map(({ text }) => {
      const kernels = this.kernelModule(text, containing);
      if (kernels !== null) return { resolvedModule: { resolvedFileName: kernels, extension: ts.Extension.Dts, isExternalLibraryImport: false } };
      return ts.resolveModuleName(text, containing, options, this, undefined, redirected, ts.ModuleKind.ESNext);
    });

  /** Declarations of the modules that are the kernel's own, from wherever they are imported. */
  kernelModule(specifier: string, containing: string): string | null {
    if (specifier === "tslab") return this.virtual("tslab.d");
    if (specifier !== "runlab" && !specifier.startsWith("runlab/")) return null;
    if (containing.includes("/node_modules/") && !containing.includes(MARK)) return null;
    return libraryDeclarations(specifier);
  }

  private readonly watched = new Set<string>();

  /** Changes when a file of the project does. */
  private localFiles(): string {
    let stamp = "";
    for (const file of this.watched) stamp += `/${statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? "gone"}`;
    return stamp;
  }
}

/** The declaration file of `runlab` or one of its doors, as its package.json names it; null when the library is not built. */
export function libraryDeclarations(specifier: string): string | null {
  try {
    const manifest = own.resolve("runlab/package.json");
    const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as { exports: Record<string, { types?: string }> };
    const { types } = exports[specifier.replace(/^runlab/, ".")] ?? {};
    const file = path.join(path.dirname(manifest), types ?? "");
    return types !== undefined && existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/** Where `@types/node` lies: the project's own version when it has one, else the kernel's. */
function nodeTypes(folder: string): string {
  for (const require of [createRequire(path.join(folder, "cell.ts")), own]) {
    try {
      return path.dirname(path.dirname(require.resolve("@types/node/package.json")));
    } catch {
      // Not in this one.
    }
  }
  return path.join(folder, "node_modules", "@types");
}

/** A message without the names of files that exist in memory only. */
export function withoutVirtualNames(message: string): string {
  return message.replace(/import\("[^"]*\.runlab[^"]*"\)\./g, "").replace(/"[^"]*[\\/](cell\d*)\.runlab[^"]*"/g, '"$1"');
}
