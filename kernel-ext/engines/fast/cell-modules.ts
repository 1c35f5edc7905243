/**
 * Cells as modules for the type checker. Each cell is one module; the names of earlier cells that it uses are brought
 * in at the END of its text, so that no position of the cell moves.
 */
import ts from "typescript";

export interface DeclaredName {
  name: string;
  /** `let` and `var` may be assigned by later cells; everything else may not. */
  assignable: boolean;
}

/** Where the latest declaration of a name stands. */
export interface Owner extends DeclaredName {
  /** Module specifier. */
  module: string;
}

export interface CellModule {
  text: string;
  declared: DeclaredName[];
}

/** @param everything brings in every earlier name, for completion; else only those the text mentions */
export function cellModule(code: string, owners: ReadonlyMap<string, Owner>, everything = false): CellModule {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2023, false, ts.ScriptKind.TS);
  const declared = declaredNames(file);
  const own = new Set(declared.map((row) => row.name));
  const mentioned = everything ? null : identifiers(file);
  const byModule = new Map<string, string[]>();
  const variables: string[] = [];
  for (const owner of owners.values()) {
    if (own.has(owner.name) || (mentioned !== null && !mentioned.has(owner.name))) continue;
    // An import may not be assigned; a declaration of the same type may.
    if (owner.assignable) variables.push(`declare let ${owner.name}: typeof import(${JSON.stringify(owner.module)}).${owner.name};`);
    else byModule.set(owner.module, [...(byModule.get(owner.module) ?? []), owner.name]);
  }
  const imports = [...byModule].map(([module, names]) => `import { ${names.join(", ")} } from ${JSON.stringify(module)};`);
  const exported = exportedNames(file);
  const names = [...own].filter((name) => !exported.has(name));
  return { text: `${code}\n;${imports.join("")}${variables.join("")}export { ${names.join(", ")} };`, declared };
}

function identifiers(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function declaredNames(file: ts.SourceFile): DeclaredName[] {
  const names = new Map<string, DeclaredName>();
  const add = (name: string, assignable: boolean): void => void names.set(name, { name, assignable });
  const bind = (name: ts.BindingName, assignable: boolean): void => {
    if (ts.isIdentifier(name)) return add(name.text, assignable);
    for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name, assignable);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
      for (const declaration of statement.declarationList.declarations) bind(declaration.name, !constant);
    } else if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      if (clause?.name) add(clause.name.text, false);
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) add(bindings.name.text, false);
      else if (bindings) for (const element of bindings.elements) add(element.name.text, false);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)
    ) {
      if (statement.name && ts.isIdentifier(statement.name) && statement.name.text !== "global") add(statement.name.text, false);
    } else hoisted(statement, bind);
  }
  return [...names.values()].filter((row) => row.name !== "");
}

/** `var` inside blocks and loops belongs to the cell. */
function hoisted(node: ts.Node, bind: (name: ts.BindingName, assignable: boolean) => void): void {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) for (const declaration of node.declarations) bind(declaration.name, true);
  ts.forEachChild(node, (child) => hoisted(child, bind));
}

/** Names that the cell exports itself: they may not be exported twice. */
function exportedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      for (const element of statement.exportClause.elements) names.add(element.name.text);
    if (!ts.canHaveModifiers(statement)) continue;
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) || modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)) continue;
    if (ts.isVariableStatement(statement)) for (const declaration of statement.declarationList.declarations) collect(declaration.name, names);
    else if ("name" in statement && statement.name && ts.isIdentifier(statement.name as ts.Node)) names.add((statement.name as ts.Identifier).text);
  }
  return names;
}

function collect(name: ts.BindingName, into: Set<string>): void {
  if (ts.isIdentifier(name)) into.add(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) collect(element.name, into);
}
