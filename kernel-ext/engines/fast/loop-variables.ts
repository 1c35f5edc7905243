/**
 * Which loops of a cell may compute with local copies of the cell's variables.
 *
 * A top-level `let` of V8's REPL mode lives in a slot of the heap, and on Node 20 every number with decimals that is
 * written there is a new object: `s += i * 0.5` takes some ten times as long as in a module. So a loop that stands
 * outside any function works on a local variable of the same name, which is written back when the loop ends:
 *
 *     {const sˑ=[.1];sˑ[0]=s;const ˑdone=keep([sˑ],(ˑ)=>{s=ˑ[0][0]});{let s=sˑ[0];try{
 *       for (...) { sˑ[0]=s; s += i * 0.5 }
 *     }finally{sˑ[0]=s;ˑdone()}}}
 *
 * V8 runs no `finally` when the stop button ends a loop. Therefore each iteration leaves the values it starts with in
 * an array: one that begins with a decimal number stores plain doubles, without an object for each. After an interrupt
 * the executor writes these back, so the variables are as they were at the start of the iteration that was stopped, all
 * of the same iteration.
 *
 * The copy keeps the name, so messages, function names and shorthand properties are what they were. Nobody sees the
 * copy: the loop awaits nothing, no function or class so far mentions the name, and no cell so far can make functions
 * from text (`eval`, `Function`, `node:vm`). A function that a cell makes after its neighbour was stopped at an `await`
 * and went on alone is the one observer this does not know of.
 */
import { boundNames, children, type Node } from "./syntax.js";

/** What earlier cells mean for the variables of the next; one for each executor. */
export class CellNames {
  /** Variables that surely have a value: their cell ran to its end. */
  readonly initialised = new Set<string>();
  /** Names that functions and classes of any cell take from outside. */
  readonly inFunctions = new Set<string>();
  /** A cell can make functions from text, which may mention any name. */
  textBecomesCode = false;
}

export interface CopiedLoop {
  start: number;
  end: number;
  names: string[];
  /** Bodies of the loop and of the loops inside it; `block` when in braces. */
  bodies: { start: number; end: number; block: boolean }[];
}

/**
 * Loops in the order of the text, none inside another. Takes the cell's functions into `names`, and out of it what the
 * cell declares: a cell that fails may leave its variables without a value.
 */
export function copiedLoops(body: Node[], names: CellNames): { loops: CopiedLoop[]; declared: string[] } {
  const statements = body.map((statement) => (/^Export(?:Named|Default)/.test(statement.type) && statement.declaration ? statement.declaration : statement) as Node);
  for (const statement of body) {
    namesInFunctions(statement, names.inFunctions);
    names.textBecomesCode ||= makesCode(statement);
  }
  const hoisted = statements.flatMap((statement) => [...varNames(statement)]);
  const declared = [...hoisted, ...statements.flatMap(topLevelNames)];
  for (const name of declared) names.initialised.delete(name);
  if (names.textBecomesCode) return { loops: [], declared };
  const ready = new Set([...names.initialised, ...hoisted]);
  const loops: CopiedLoop[] = [];
  for (const statement of statements) {
    const shadowed = new Set(nestedNames(statement));
    collectLoops(statement, (name) => ready.has(name) && !names.inFunctions.has(name) && !shadowed.has(name), loops);
    for (const name of topLevelNames(statement)) ready.add(name);
  }
  return { loops, declared };
}

function collectLoops(node: Node, eligible: (name: string) => boolean, loops: CopiedLoop[]): void {
  if (isFunction(node) || isClass(node)) return;
  let loop = node;
  while (loop.type === "LabeledStatement") loop = loop.body;
  if (isLoop(loop) && !awaits(loop)) {
    const names = [...new Set(assignedNames(loop))].filter(eligible);
    const bodies = [...loopBodies(loop)].map(({ start, end, type }) => ({ start, end, block: type === "BlockStatement" }));
    if (names.length > 0) loops.push({ start: node.start, end: node.end, names, bodies });
    return;
  }
  for (const child of children(node)) collectLoops(child, eligible, loops);
}

function isFunction(node: Node): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}

function isClass(node: Node): boolean {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

function isLoop(node: Node): boolean {
  return /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

/** The nodes of a statement that run with it, itself first: nothing inside functions and classes. */
function* running(node: Node): Generator<Node> {
  yield node;
  if (isFunction(node) || isClass(node)) return;
  for (const child of children(node)) yield* running(child);
}

function awaits(loop: Node): boolean {
  for (const node of running(loop)) if (node.type === "AwaitExpression" || node.await === true || node.kind === "await using") return true;
  return false;
}

function* loopBodies(loop: Node): Generator<Node> {
  for (const node of running(loop)) if (isLoop(node)) yield node.body;
}

/** A name that is missed here is not copied, and stays right. */
function* assignedNames(loop: Node): Generator<string> {
  for (const node of running(loop)) {
    if (node.type === "AssignmentExpression") yield* boundNames(node.left);
    else if (node.type === "UpdateExpression") yield* boundNames(node.argument);
    else if (node.type === "ForInStatement" || node.type === "ForOfStatement") yield* boundNames(node.left);
  }
  yield* varNames(loop);
}

function* varNames(statement: Node): Generator<string> {
  for (const node of running(statement)) if (node.type === "VariableDeclaration" && node.kind === "var" && !node.declare) yield* declaredBy(node);
}

function* declaredBy(node: Node): Generator<string> {
  for (const declarator of node.declarations) yield* boundNames(declarator.id);
}

/** What a top-level statement binds for the following cells, except `var`. */
function topLevelNames(statement: Node): string[] {
  if (statement.type === "ImportDeclaration") return statement.importKind === "type" ? [] : statement.specifiers.filter((one: Node) => one.importKind !== "type").map((one: Node) => one.local.name);
  if (statement.type === "TSImportEqualsDeclaration") return [statement.id.name];
  return [...lexicalNames([statement])];
}

/** What a list of statements binds in its own scope. */
function* lexicalNames(statements: Node[]): Generator<string> {
  for (const statement of statements) {
    if (statement.declare) continue;
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") yield* declaredBy(statement);
    else if ((statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") && statement.id) yield statement.id.name;
  }
}

/** What a node binds for the nodes below it. */
function* scopeNames(node: Node): Generator<string> {
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      yield* lexicalNames(node.body);
      break;
    case "SwitchStatement":
      for (const one of node.cases) yield* lexicalNames(one.consequent);
      break;
    case "ForStatement":
      if (node.init) yield* lexicalNames([node.init]);
      break;
    case "ForInStatement":
    case "ForOfStatement":
      yield* lexicalNames([node.left]);
      break;
    case "CatchClause":
      yield* boundNames(node.param);
  }
}

/** Names that blocks inside a statement bind: there, the name may be another variable. */
function* nestedNames(statement: Node): Generator<string> {
  for (const node of running(statement)) yield* scopeNames(node);
}

/** Adds the names that functions and classes below a node take from outside, and the names of those at the top. */
function namesInFunctions(node: Node, found: Set<string>): void {
  if (isFunction(node) || isClass(node)) {
    if (node.id) found.add(node.id.name);
    return freeNames(node, [], found);
  }
  for (const child of children(node)) namesInFunctions(child, found);
}

function freeNames(node: Node, scopes: ReadonlySet<string>[], found: Set<string>): void {
  const below = (child: Node | null, ...inner: ReadonlySet<string>[]): void => {
    if (child !== null) freeNames(child, inner.length > 0 ? [...scopes, ...inner] : scopes, found);
  };
  // Of types, only what they stand around is code.
  if (node.type.startsWith("TS")) return node.expression?.type === undefined ? undefined : below(node.expression);
  if (isFunction(node)) {
    const own = new Set<string>(node.type === "FunctionExpression" && node.id ? [node.id.name] : []);
    for (const parameter of node.params) for (const name of boundNames(parameter)) own.add(name);
    for (const parameter of node.params) below(parameter, own);
    return below(node.body, own, new Set(node.body === null ? [] : varNames(node.body)));
  }
  if (isClass(node)) {
    const own = new Set<string>(node.id ? [node.id.name] : []);
    below(node.superClass, own);
    return below(node.body, own);
  }
  switch (node.type) {
    case "Identifier":
      if (!scopes.some((scope) => scope.has(node.name))) found.add(node.name);
      return;
    case "MemberExpression":
      below(node.object);
      return node.computed ? below(node.property) : undefined;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
      if (node.computed) below(node.key);
      return below(node.value);
    case "LabeledStatement":
      return below(node.body);
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return;
  }
  const own = new Set([...scopeNames(node), ...(node.type === "StaticBlock" ? varNames(node) : [])]);
  for (const child of children(node)) below(child, ...(own.size > 0 ? [own] : []));
}

const CODE_MAKERS = new Set(["eval", "Function", "constructor"]);
const CODE_MODULES = /^(?:node:)?(?:vm|inspector|repl)(?:\/promises)?$/;

function makesCode(node: Node): boolean {
  if (node.type.startsWith("TS")) return node.expression?.type !== undefined && makesCode(node.expression);
  if (node.type === "Identifier") return node.name === "eval" || node.name === "Function";
  if (node.type === "Literal") return typeof node.value === "string" && (CODE_MAKERS.has(node.value) || CODE_MODULES.test(node.value));
  // `object.constructor`, or `constructor` taken out of an object; a class's own constructor is no such thing.
  if (node.type === "MemberExpression" && !node.computed && CODE_MAKERS.has(node.property.name)) return true;
  if (node.type === "Property" && !node.computed && CODE_MAKERS.has(node.key.name)) return true;
  for (const child of children(node)) if (makesCode(child)) return true;
  return false;
}
