/** Types taken out of an example. */
import ts from "typescript";

export function stripTypeScriptTypes(code: string): string {
  return ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true } }).outputText;
}
