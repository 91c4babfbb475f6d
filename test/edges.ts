import { posix } from 'node:path';
import ts from 'typescript';

/** One import as it is written: static, dynamic, of a type, by `export from`, or as `new URL('…', import.meta.url)`. */
export interface Edge {
  readonly from: string;
  readonly specifier: string;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return node.moduleReference.expression;
  if (ts.isCallExpression(node)) return calledSpecifier(node);
  return ts.isNewExpression(node) ? urlOfCode(node) : undefined;
}

function calledSpecifier({ expression, arguments: given }: ts.CallExpression): ts.Node | undefined {
  const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isImport || isRequire ? given[0] : undefined;
}

/** Workers are named by URL; a URL of a folder or of something else to read is no import. */
function urlOfCode({ expression, arguments: given }: ts.NewExpression): ts.Node | undefined {
  const [path, base] = given ?? [];
  if (!path || expression.getText() !== 'URL' || base?.getText() !== 'import.meta.url') return undefined;
  return ts.isStringLiteralLike(path) && /\.[jt]sx?$/.test(path.text) ? path : undefined;
}

/** All imports of one file. A dynamic import of something that is not a plain text has the specifier `?`. */
export function readEdges(from: string, source: string): Edge[] {
  const kind = from.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(from, source, ts.ScriptTarget.Latest, true, kind);
  const edges: Edge[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier) edges.push({ from, specifier: ts.isStringLiteralLike(specifier) ? specifier.text : '?' });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edges;
}

/** The path in the project that a relative import means; undefined for a package. */
export function resolveEdge({ from, specifier }: Edge): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(from), specifier.split('?')[0]!);
}

/** `dexie` of `dexie/x`, `@peculiar/x509` of `@peculiar/x509/x`, `node:` of what Node has itself. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
